/** The agent's shared state and its activities, from snapshots and patches. */

import { applyPatch, type PatchOperation } from "./json-patch.ts";
import { noteMoment } from "./moment.ts";
import type { Folds } from "./view.ts";

export const stateFolds: Folds = {
  state_snapshot: (view, event) => {
    view.state = event.payload.snapshot;
    view.stateStale = false;
    noteMoment(view, event);
  },
  state_delta: (view, event) => {
    const next = patched(view.state ?? {}, event.payload.delta);
    view.stateStale ||= next === undefined;
    view.state = next ?? view.state;
    noteMoment(view, event);
  },
};

/** Undefined when the patch does not fit: a stale state that says so is better than a dead stream. */
export function patched(document: unknown, patch: readonly PatchOperation[]): unknown {
  try {
    return applyPatch(document, patch);
  } catch {
    return undefined;
  }
}
