/** When changes become visible: once per frame, and by a timer where there are no frames. */

import { yieldToPage } from "./page.ts";

export interface FlushOptions {
  /** Longest wait while the page is visible, ms; covers frames that never come. Default 100. */
  readonly maxWaitMs?: number | undefined;
  /** Wait while the page is hidden, ms: browsers stop frames there. Default 250. */
  readonly hiddenMs?: number | undefined;
}

/** However slow rendering is, the page changes four times a second. */
const MAX_REST_MS = 250;

export class FlushScheduler {
  readonly #run: () => void;
  readonly #options: FlushOptions;
  #frame: number | undefined;
  /** No flush before this: on a slow machine rendering takes at most a fifth of the time. */
  #restUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(run: () => void, options: FlushOptions = {}) {
    this.#run = run;
    this.#options = options;
  }

  request(): void {
    if (this.#timer !== undefined) return;
    const { maxWaitMs = 100, hiddenMs = 250 } = this.#options;
    const visible = typeof requestAnimationFrame === "function" && !document.hidden;
    const onFrame = () => {
      this.#frame = performance.now() < this.#restUntil ? requestAnimationFrame(onFrame) : undefined;
      if (this.#frame === undefined) this.#flush();
    };
    if (visible) this.#frame = requestAnimationFrame(onFrame);
    const rest = Math.min(MAX_REST_MS, this.#restUntil - performance.now());
    this.#timer = setTimeout(() => this.#flush(), Math.max(rest, visible ? maxWaitMs : hiddenMs));
  }

  cancel(): void {
    clearTimeout(this.#timer);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#timer = this.#frame = undefined;
  }

  now(): void {
    this.cancel();
    this.#run();
  }

  #flush(): void {
    const started = performance.now();
    this.now();
    // What renders because of this flush has rendered when the next task begins.
    void yieldToPage().then(() => {
      const ended = performance.now();
      this.#restUntil = ended + 4 * (ended - started);
    });
  }
}
