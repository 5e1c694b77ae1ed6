/** Keeps one event stream open: connects, resumes, backs off, and stops for good only when told to. */

import { backoffDelay, type RetryOptions } from "./backoff.ts";
import { ConnectError } from "./errors.ts";
import { watchPage } from "./page.ts";
import { readStream } from "./stream.ts";
import { startWatchdog } from "./watchdog.ts";

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

export interface ConnectionRequest {
  readonly url: string;
  readonly cursor: string | undefined;
  readonly options: ConnectOptions;
}

export interface ConnectionCallbacks {
  /** The request that is about to be sent. */
  onAttempt(): ConnectionRequest;
  onStatus(status: ConnectionStatus, error: ConnectError | null): void;
  onBytes(count: number): void;
  onBehind(behind: boolean): void;
  /** Returns whether the message was news: only news counts as progress. */
  onMessage(id: string | undefined, event: string | undefined, data: string): boolean;
}

export interface Connection {
  start(): void;
  stop(): void;
  /** Ends the current attempt; the next one resumes where this one stopped, after `pauseMs`. */
  interrupt(reason?: ConnectError, pauseMs?: number): void;
}

export function createConnection({
  onAttempt,
  onStatus,
  onBytes,
  onBehind,
  onMessage,
}: ConnectionCallbacks): Connection {
  /** Changed by start and stop: whatever an older run still does is ignored. */
  let generation = 0;
  let abort = new AbortController();
  let wake = () => {};
  let unwatch = () => {};
  let away = false;
  let failures = 0;
  let retryMs: number | undefined;
  let pauseMs = 0;

  function interrupt(reason = new ConnectError("cut", "interrupted"), ms = 0): void {
    pauseMs = ms;
    abort.abort(reason);
  }

  function stop(): void {
    generation++;
    unwatch();
    interrupt();
    wake();
  }

  function start(): void {
    stop();
    failures = 0;
    unwatch = watchPage((left) => {
      away = left;
      if (left) interrupt();
      else wake();
    });
    void follow(generation);
  }

  async function follow(run: number): Promise<void> {
    onStatus("connecting", null);
    while (run === generation) {
      const request = onAttempt();
      const outcome = await attempt(request).catch((error) => error);
      if (run !== generation) return;
      if (!outcome) return onStatus("done", null);
      const error = outcome instanceof ConnectError ? outcome : new ConnectError("network", String(outcome));
      const { attempts = Infinity, baseMs, maxMs } = request.options.retry ?? {};
      if (error.fatal || failures >= attempts) return onStatus("failed", error);
      onStatus("reconnecting", error);
      // An attempt that we cut ourselves says nothing about the server.
      const own = error.code === "cut" || error.code === "gap";
      const wait = own ? pauseMs : Math.max(error.retryAfterMs, backoffDelay(failures++, retryMs ?? baseMs, maxMs));
      await new Promise<void>((resolve) => {
        const timer = away ? undefined : setTimeout(resolve, wait);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Ends with an error, or with `null`: nothing will come. */
  async function attempt({ url, cursor, options }: ConnectionRequest): Promise<null> {
    const { headers: given, fetch = globalThis.fetch, credentials = "same-origin", idleTimeoutMs = 45_000 } = options;
    const own = new AbortController();
    abort = own;
    const watchdog = startWatchdog(idleTimeoutMs, () =>
      own.abort(new ConnectError("idle", `nothing arrived for ${idleTimeoutMs} ms`)),
    );
    try {
      const headers = new Headers(typeof given === "function" ? await given() : given);
      if (cursor) headers.set("last-event-id", cursor);
      return await readStream(
        { url, fetch, headers, credentials, signal: own.signal },
        {
          onOpen: () => onStatus("open", null),
          onBytes(count) {
            watchdog.touch();
            onBytes(count);
          },
          onBehind,
          onMessage(id, event, data) {
            if (!own.signal.aborted && onMessage(id, event, data)) failures = 0;
          },
          onRetry(ms) {
            retryMs = ms;
          },
        },
      );
    } finally {
      watchdog.stop();
      onBehind(false);
      // Leaving by an error of our own must not leave the request behind.
      own.abort();
    }
  }

  return { start, stop, interrupt };
}
