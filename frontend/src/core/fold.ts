/** Where the fold comes from: it is loaded when somebody first asks what the events say. */

import type { SessionView } from "./view.ts";

type Fold = typeof SessionView;

const RETRY_MS = 5000;

let fold: Fold | undefined;
let loading: Promise<void> | undefined;

/** The fold, once it is here. */
export function loadedFold(): Fold | undefined {
  return fold;
}

/** For code that always needs it, such as the components: then it is there from the start. */
export function provideFold(provided: Fold): void {
  fold = provided;
}

/** Resolves when there is news: it came, or could not be loaded and may be asked for again. */
export function loadFold(): Promise<void> {
  loading ??= import("./fold-later.ts").then(({ SessionView }) => provideFold(SessionView), retryLater);
  return loading;
}

/** Most likely the page is offline; asking again at once would ask without end. */
async function retryLater(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  loading = undefined;
}
