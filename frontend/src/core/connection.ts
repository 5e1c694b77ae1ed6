/** Keeps one event stream open: connects, resumes, backs off, and stops for good only when told to. */

import type { EventSourceMessage } from "eventsource-parser";
import { backoffDelay, type RetryOptions } from "./backoff.ts";
import { ConnectError } from "./errors.ts";
import { watchPage, yieldToPage } from "./page.ts";
import { openStream } from "./stream.ts";
import { Watchdog } from "./watchdog.ts";

/**
 * `idle` nobody listens · `connecting` first attempt · `open` · `reconnecting` lost, trying again ·
 * `done` the server said that nothing will come (204) · `failed` repeating cannot help, see `error`
 */
export type ConnectionStatus = "idle" | "connecting" | "open" | "reconnecting" | "done" | "failed";

export interface ConnectOptions {
  /** Read again before every attempt, so that a rotated token is used. */
  readonly headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined;
  readonly credentials?: RequestCredentials | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Longest silence, ms, before the stream counts as dead; 0 switches it off. Default 45 000. */
  readonly idleTimeoutMs?: number | undefined;
}

export interface ConnectionCallbacks {
  request(): { url: string; cursor: string | undefined; options: ConnectOptions };
  /** A request is about to be sent. */
  onAttempt(): void;
  onStatus(status: ConnectionStatus, error: ConnectError | null): void;
  onBytes(count: number): void;
  /** Returns whether the message was news: only news counts as progress. */
  onMessage(message: EventSourceMessage): boolean;
}

/** Folding for longer would delay input: 12 ms leaves room in a frame at 60 Hz, 50 ms is where a task counts as long. */
const SLICE_MS = 12;
const MAX_SLICE_MS = 50;

export class Connection {
  readonly #callbacks: ConnectionCallbacks;
  /** Raised by start and stop: whatever an older run still does is ignored. */
  #generation = 0;
  #abort: AbortController | undefined;
  #wake: () => void = () => {};
  #unwatch: () => void = () => {};
  #away = false;
  #failures = 0;
  #retryMs: number | undefined;
  #pauseMs = 0;

  constructor(callbacks: ConnectionCallbacks) {
    this.#callbacks = callbacks;
  }

  start(): void {
    this.stop();
    this.#failures = 0;
    this.#unwatch = watchPage({
      onReturn: () => {
        this.#away = false;
        this.#wake();
      },
      onLeave: () => {
        this.#away = true;
        this.interrupt();
      },
    });
    void this.#run(++this.#generation);
  }

  stop(): void {
    this.#generation++;
    this.#unwatch();
    this.interrupt();
    this.#wake();
  }

  /** Ends the current attempt; the next one resumes where this one stopped, after `pauseMs`. */
  interrupt(reason = new ConnectError("cut", "the stream was interrupted"), pauseMs = 0): void {
    this.#pauseMs = pauseMs;
    this.#abort?.abort(reason);
  }

  async #run(generation: number): Promise<void> {
    const { onStatus } = this.#callbacks;
    const current = () => generation === this.#generation;
    onStatus("connecting", null);
    while (current()) {
      const outcome = await this.#attempt(current).catch((error) => error);
      if (!current()) return;
      if (outcome === "done") return onStatus("done", null);
      const error = outcome instanceof ConnectError ? outcome : new ConnectError("network", String(outcome));
      const { attempts = Number.POSITIVE_INFINITY, ...retry } = this.#callbacks.request().options.retry ?? {};
      if (error.fatal || this.#failures >= attempts) return onStatus("failed", error);
      onStatus("reconnecting", error);
      // An attempt that we cut ourselves says nothing about the server.
      const own = error.code === "cut" || error.code === "gap";
      const base = { ...retry, baseMs: this.#retryMs ?? retry.baseMs };
      await this.#wait(own ? this.#pauseMs : Math.max(error.retryAfterMs, backoffDelay(this.#failures++, base)));
    }
  }

  async #attempt(current: () => boolean): Promise<"done"> {
    const { request, onAttempt, onStatus, onBytes, onMessage } = this.#callbacks;
    const { url, cursor, options } = request();
    onAttempt();
    const { idleTimeoutMs = 45_000 } = options;
    const abort = new AbortController();
    this.#abort = abort;
    const watchdog = new Watchdog(idleTimeoutMs, () =>
      abort.abort(new ConnectError("idle", `nothing arrived for ${idleTimeoutMs} ms`)),
    );
    try {
      const headers = new Headers(typeof options.headers === "function" ? await options.headers() : options.headers);
      if (cursor !== undefined) headers.set("last-event-id", cursor);
      const { fetch = globalThis.fetch.bind(globalThis), credentials = "same-origin" } = options;
      const batches = await openStream(
        { url, headers, credentials, fetch, signal: abort.signal },
        {
          onBytes: (count) => {
            watchdog.touch();
            onBytes(count);
          },
          onRetry: (ms) => {
            this.#retryMs = ms;
          },
        },
      );
      if (!batches) return "done";
      if (!current()) throw abort.signal.reason;
      onStatus("open", null);
      let started = performance.now();
      let slice = SLICE_MS;
      for await (const batch of batches) {
        for (const [position, message] of batch.entries()) {
          if (onMessage(message)) this.#failures = 0;
          abort.signal.throwIfAborted();
          // Asking for the time costs as much as a small event: ask every 32nd.
          if (position % 32 !== 31 || performance.now() - started < slice) continue;
          const left = performance.now();
          await yieldToPage();
          abort.signal.throwIfAborted();
          started = performance.now();
          // Where rendering is slow, equal turns: or a long replay would mostly be rendered, and hardly read.
          slice = Math.min(MAX_SLICE_MS, Math.max(SLICE_MS, started - left));
        }
      }
      throw new ConnectError("network", "the server closed the stream");
    } finally {
      watchdog.stop();
      // Leaving by an error of our own must not leave the request behind.
      abort.abort();
    }
  }

  async #wait(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (!this.#away) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}
