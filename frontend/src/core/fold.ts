/** Where the fold comes from: it is loaded when somebody first asks what the events say. */

import type { SessionView } from "./view.ts";

type Fold = typeof SessionView;

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

export async function loadFold(): Promise<void> {
  loading ??= import("./view.ts").then(({ SessionView }) => provideFold(SessionView));
  try {
    await loading;
  } catch {
    // Most likely offline: whoever asks next tries again.
    loading = undefined;
  }
}
