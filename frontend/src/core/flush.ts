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
  now(): void;
}

/** However slow rendering is, it waits no longer than this for more. */
const MAX_REST_MS = 500;
/** How often a rest looks whether anything still arrives. A frame would cost more than it is worth. */
const LOOK_MS = 40;
/** So many since the last flush are a replay: nobody can read along, so it rests longest, and looks oftenest for the end. */
const MANY = 500;

export function createFlush(run: () => void, { maxWaitMs = 100, hiddenMs = 250 }: FlushOptions = {}): FlushScheduler {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** When the last flush had been rendered, and how long to wait from then on while more arrives. */
  let rendered = 0;
  let rest = 0;
  /** Requests since the last flush. */
  let arrived = 0;

  function request(): void {
    arrived++;
    if (!timer) look();
  }

  /** `seen`: requests at the last look. */
  function look(seen = 0): void {
    const visible = typeof requestAnimationFrame === "function" && !document.hidden;
    const many = arrived > MANY;
    if (arrived > seen && performance.now() - rendered < (many ? MAX_REST_MS : rest)) {
      timer = setTimeout(look, many ? LOOK_MS / 4 : LOOK_MS, arrived);
    } else {
      if (visible) requestAnimationFrame(flush);
      timer = setTimeout(flush, visible ? maxWaitMs : hiddenMs);
    }
  }

  function now(): void {
    clearTimeout(timer);
    timer = undefined;
    arrived = 0;
    run();
  }

  async function flush(): Promise<void> {
    // The frame that the timer was faster than, or that was asked for before the end.
    if (!timer) return;
    const started = performance.now();
    rendered = Infinity;
    now();
    // What renders because of this flush has rendered when the next task begins.
    await yieldToPage();
    rendered = performance.now();
    // On a slow machine rendering takes at most a fifth of the time.
    rest = Math.min(MAX_REST_MS, 4 * (rendered - started));
  }

  return { request, now };
}
