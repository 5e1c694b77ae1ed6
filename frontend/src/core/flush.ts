/** When changes become visible: once per frame, and by a timer where there are no frames. */

import { yieldToPage } from "./page.ts";

export interface FlushOptions {
  /** Longest wait for a frame while the page is visible, ms: some never come. Default 100. */
  readonly maxWaitMs?: number | undefined;
  /** Wait while the page is hidden, ms: browsers stop frames there. Default 250. */
  readonly hiddenMs?: number | undefined;
}

export interface FlushScheduler {
  request(): void;
  /** Whether more has arrived than was read. */
  behind(now: boolean): void;
  now(): void;
}

/** However slow rendering is, it waits no longer than this for more. */
const MAX_REST_MS = 500;
/** However much is still to be read, what is here is shown after so long. */
const MAX_HOLD_MS = 1000;
/** How often a rest looks whether anything still arrives. A frame would cost more than it is worth. */
const LOOK_MS = 40;
/** So many since the last flush are a replay: nobody can read along, so it is held, and looks oftenest for the end. */
const MANY = 500;

export function createFlush(run: () => void, { maxWaitMs = 100, hiddenMs = 250 }: FlushOptions = {}): FlushScheduler {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** When the last flush had been rendered, and how long to wait from then on while more arrives. */
  let rendered = 0;
  let rest = 0;
  /** Requests since the last flush, when the first of them came, and how many there were at the last look. */
  let arrived = 0;
  let began = 0;
  let seen = 0;
  let isBehind = false;

  function request(): void {
    if (arrived++ === 0) began = performance.now();
    if (!timer) look();
  }

  /** To show a part of what is coming anyway would only delay the rest. */
  function isHeld(): boolean {
    const coming = isBehind || (arrived > MANY && arrived > seen);
    return coming && performance.now() - began < MAX_HOLD_MS;
  }

  function look(): void {
    const visible = typeof requestAnimationFrame === "function" && !document.hidden;
    const resting = arrived > seen && performance.now() - rendered < rest;
    if (resting || isHeld()) timer = setTimeout(look, arrived > MANY ? LOOK_MS / 4 : LOOK_MS);
    // The end of a replay waits for no frame: many have passed, and in a task of its own it holds the page up for less.
    else if (timer && arrived > MANY) void flush();
    else {
      if (visible) requestAnimationFrame(flush);
      timer = setTimeout(flush, visible ? maxWaitMs : hiddenMs);
    }
    seen = arrived;
  }

  function now(): void {
    clearTimeout(timer);
    timer = undefined;
    arrived = 0;
    seen = 0;
    run();
  }

  async function flush(): Promise<void> {
    // The frame that the timer was faster than, or that was asked for before the end.
    if (!timer) return;
    if (isHeld()) {
      clearTimeout(timer);
      return look();
    }
    const started = performance.now();
    rendered = Infinity;
    now();
    // What renders because of this flush has rendered when the next task begins.
    await yieldToPage();
    rendered = performance.now();
    // On a slow machine rendering takes at most a fifth of the time.
    rest = Math.min(MAX_REST_MS, 4 * (rendered - started));
  }

  return {
    request,
    now,
    behind(now) {
      isBehind = now;
    },
  };
}
