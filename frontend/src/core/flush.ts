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

/** However slow rendering is, it waits no longer than this for more. */
const MAX_REST_MS = 500;
/** How often a rest looks whether anything still arrives. A frame would cost more than it is worth. */
const LOOK_MS = 40;
/** So many since the last flush are a replay: nobody can read along, but its end is worth noticing soon. */
const MANY = 500;
const SOON_MS = 10;

export function createFlush(run: () => void, { maxWaitMs = 100, hiddenMs = 250 }: FlushOptions = {}): FlushScheduler {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** When the last flush had been rendered, and how long to wait from then on while more arrives. */
  let rendered = 0;
  let rest = 0;
  /** Requests since the last flush, and how many of them the last look knew. */
  let arrived = 0;
  let known = 0;

  function request(): void {
    arrived++;
    if (timer === undefined) look();
  }

  function look(): void {
    const visible = typeof requestAnimationFrame === "function" && !document.hidden;
    const many = arrived > MANY;
    if (arrived > known && performance.now() < rendered + (many ? MAX_REST_MS : rest)) {
      timer = setTimeout(look, many ? SOON_MS : LOOK_MS);
    } else {
      if (visible) frame = requestAnimationFrame(flush);
      timer = setTimeout(flush, visible ? maxWaitMs : hiddenMs);
    }
    known = arrived;
  }

  function cancel(): void {
    clearTimeout(timer);
    if (frame) cancelAnimationFrame(frame);
    timer = undefined;
    arrived = known = 0;
  }

  function now(): void {
    cancel();
    run();
  }

  function flush(): void {
    const started = performance.now();
    rendered = started;
    rest = MAX_REST_MS;
    now();
    // What renders because of this flush has rendered when the next task begins.
    void yieldToPage().then(() => {
      rendered = performance.now();
      // On a slow machine rendering takes at most a fifth of the time.
      rest = Math.min(MAX_REST_MS, 4 * (rendered - started));
    });
  }

  return { request, cancel, now };
}
