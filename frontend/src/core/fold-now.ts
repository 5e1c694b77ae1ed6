/** Brings the fold at once, for pages that read `runs`, `messages` ... in their first render, and for folding by hand. */

import { provideFold } from "./fold.ts";
import { SessionView } from "./view.ts";

export { applyPatch, PatchError, type PatchOperation } from "./json-patch.ts";
export { foldEvents, type View } from "./view.ts";

provideFold(SessionView);
