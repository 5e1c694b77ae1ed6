/** When changes become visible: once per frame, and by a timer where there are no frames. */

import { yieldToPage } from "./page.ts";

export interface FlushOptions {
  /** Longest wait while the page is visible, ms; covers frames that never come. Default 100. */
  readonly maxWaitMs?: number | undefined;
  /** Wait while the page is hidden, ms: browsers stop frames there. Default 250. */
  readonly hiddenMs?: number | undefined;
}

export interface FlushScheduler {
  request(): void;
  cancel(): void;
  now(): void;
}

/** However slow rendering is, the page changes at least this often. */
const MAX_REST_MS = 400;
/** How often a rest looks whether anything still arrives. A frame would cost more than it is worth. */
const LOOK_MS = 40;

export function createFlush(run: () => void, { maxWaitMs = 100, hiddenMs = 250 }: FlushOptions = {}): FlushScheduler {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** No flush before this while more arrives: on a slow machine rendering takes at most a fifth of the time. */
  let restUntil = 0;
  /** Something arrived since the last look. */
  let busy = false;

  function request(): void {
    busy = true;
    if (timer === undefined) look();
  }

  function look(): void {
    const visible = typeof requestAnimationFrame === "function" && !document.hidden;
    if (busy && performance.now() < restUntil) timer = setTimeout(look, LOOK_MS);
    else {
      if (visible) frame = requestAnimationFrame(flush);
      timer = setTimeout(flush, visible ? maxWaitMs : hiddenMs);
    }
    busy = false;
  }

  function cancel(): void {
    clearTimeout(timer);
    if (frame) cancelAnimationFrame(frame);
    timer = undefined;
  }

  function now(): void {
    cancel();
    run();
  }

  function flush(): void {
    const started = performance.now();
    restUntil = started + MAX_REST_MS;
    now();
    // What renders because of this flush has rendered when the next task begins.
    void yieldToPage().then(() => {
      const ended = performance.now();
      restUntil = ended + Math.min(MAX_REST_MS, 4 * (ended - started));
    });
  }

  return { request, cancel, now };
}
