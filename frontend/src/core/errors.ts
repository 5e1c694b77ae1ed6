/** Why a connection ended. */

/**
 * - `http`: a status other than 200; `status` says which
 * - `content-type`: the answer is no event stream
 * - `network`: no answer, or the answer broke off
 * - `idle`: no byte within the idle timeout, although the server sends heartbeats
 * - `gap`: events are missing between two frames; asked for once more
 * - `cut`: the stream was interrupted by `interrupt()`
 */
export type ConnectErrorCode = "http" | "content-type" | "network" | "idle" | "gap" | "cut";

export class ConnectError extends Error {
  override readonly name = "ConnectError";
  readonly code: ConnectErrorCode;
  readonly status: number | undefined;
  /** What the server asked for with Retry-After. */
  readonly retryAfterMs: number;
  /** Repeating the request cannot help: the caller must change something first. */
  readonly fatal: boolean;

  constructor(code: ConnectErrorCode, message: string, status = 0, retryAfterMs = 0) {
    super(message);
    this.code = code;
    this.status = status || undefined;
    this.retryAfterMs = retryAfterMs;
    this.fatal = code === "content-type" || (status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status));
  }
}
