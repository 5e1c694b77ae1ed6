/** Notices a connection that is open but dead: nothing arrives, not even a heartbeat. */

export class Watchdog {
  readonly #limitMs: number;
  readonly #expired: () => void;
  #lastByte = performance.now();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `limitMs` of 0 never expires. */
  constructor(limitMs: number, expired: () => void) {
    this.#limitMs = limitMs;
    this.#expired = expired;
    if (limitMs > 0) this.#arm(limitMs);
  }

  /** Called for every read, so it only notes the time; the timer looks when it is due. */
  touch(): void {
    this.#lastByte = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => {
      const left = this.#lastByte + this.#limitMs - performance.now();
      if (left > 0) this.#arm(left);
      else this.#expired();
    }, ms);
  }
}
