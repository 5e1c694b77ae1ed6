/** One HTTP answer, read as server-sent events, in turns that leave the page its own. */

import { ConnectError } from "./errors.ts";
import { createParser, type MessageCallbacks } from "./event-stream.ts";
import { yieldToPage } from "./page.ts";

export interface StreamRequest extends RequestInit {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly headers: Headers;
  readonly signal: AbortSignal;
}

export interface StreamCallbacks extends MessageCallbacks {
  /** The answer is an event stream. */
  onOpen(): void;
  /** Any byte arrived, heartbeats included. */
  onBytes(count: number): void;
  /** Whether more has arrived than was read: then there is little sense in showing what is there now. */
  onBehind(behind: boolean): void;
}

/** Working for longer would delay input: 12 ms leaves room in a frame at 60 Hz, 50 ms is where a task counts as long. */
const TURN_MS = 12;
const MAX_TURN_MS = 50;
/** Characters between two looks at the clock: about sixty events. */
const PIECE = 16_384;

/**
 * Sends the request and reads the answer. Its end is an error; `null` means 204: nothing will come.
 * The next read waits for the events of the last one, so a slow page pushes back to the server.
 */
export async function readStream({ url, fetch, ...init }: StreamRequest, stream: StreamCallbacks): Promise<null> {
  const { headers, signal } = init;
  headers.set("accept", "text/event-stream");
  const response = await fetch(url, { ...init, cache: "no-store" });
  const { status, body } = response;
  if (status === 204) return null;
  if (!response.ok) {
    // The `detail` of a problem document (RFC 9457) says more than the status line.
    const problem = await response.json().catch(() => null);
    const reason = problem?.detail ?? problem?.title ?? response.statusText;
    const seconds = Number(response.headers.get("retry-after")) || 0;
    throw new ConnectError("http", `HTTP ${status}: ${reason}`, status, seconds * 1000);
  }
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("text/event-stream") || !body) {
    throw new ConnectError("content-type", `expected text/event-stream, got "${type}" from ${url}`);
  }
  signal.throwIfAborted();
  stream.onOpen();
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const feed = createParser(stream);
  let began = performance.now();
  let turn = TURN_MS;
  for (;;) {
    stream.onBehind(false);
    const { done, value } = await reader.read();
    if (done) throw new ConnectError("network", "the server closed the stream");
    stream.onBytes(value.length);
    const text = decoder.decode(value, { stream: true });
    for (let at = 0; at < text.length; at += PIECE) {
      feed(text.slice(at, at + PIECE));
      signal.throwIfAborted();
      const left = performance.now();
      if (left - began < turn) continue;
      stream.onBehind(true);
      await yieldToPage();
      signal.throwIfAborted();
      began = performance.now();
      // Where rendering is slow, equal turns: or a long replay would mostly be rendered, and hardly read.
      turn = Math.min(MAX_TURN_MS, Math.max(TURN_MS, began - left));
    }
  }
}
