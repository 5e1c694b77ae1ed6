/** When changes become visible: once per frame, and by a timer where there are no frames. */

export interface FlushOptions {
  /** Longest wait while the page is visible, ms; covers frames that never come. Default 100. */
  readonly maxWaitMs?: number | undefined;
  /** Wait while the page is hidden, ms: browsers stop frames there. Default 250. */
  readonly hiddenMs?: number | undefined;
}

export class FlushScheduler {
  readonly #run: () => void;
  readonly #options: FlushOptions;
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(run: () => void, options: FlushOptions = {}) {
    this.#run = run;
    this.#options = options;
  }

  request(): void {
    if (this.#timer !== undefined) return;
    const { maxWaitMs = 100, hiddenMs = 250 } = this.#options;
    const visible = typeof requestAnimationFrame === "function" && !document.hidden;
    if (visible) this.#frame = requestAnimationFrame(this.now);
    this.#timer = setTimeout(this.now, visible ? maxWaitMs : hiddenMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#timer = this.#frame = undefined;
  }

  readonly now = (): void => {
    this.cancel();
    this.#run();
  };
}
