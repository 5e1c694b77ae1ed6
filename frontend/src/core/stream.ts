/** One HTTP answer, read as batches of server-sent events. */

import { createParser, type EventSourceMessage } from "eventsource-parser";
import { ConnectError } from "./errors.ts";

export interface StreamRequest {
  readonly url: string;
  readonly headers: Headers;
  readonly credentials: RequestCredentials;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

export interface StreamCallbacks {
  /** Any byte arrived, heartbeats included. */
  onBytes(count: number): void;
  /** The server asked for another reconnection time, ms. */
  onRetry(ms: number): void;
}

/**
 * Sends the request and returns the answer's events, one array per network read; the next read waits
 * until the consumer asks, so a slow page pushes back to the server. `null` means 204: nothing will come.
 */
export async function openStream(
  request: StreamRequest,
  callbacks: StreamCallbacks,
): Promise<AsyncGenerator<EventSourceMessage[]> | null> {
  const { url, fetch, ...init } = request;
  init.headers.set("accept", "text/event-stream");
  const response = await fetch(url, { ...init, cache: "no-store" });
  if (response.status === 204) return null;
  if (!response.ok) {
    const seconds = Number(response.headers.get("retry-after"));
    throw new ConnectError("http", await explain(response), response.status, seconds > 0 ? seconds * 1000 : 0);
  }
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("text/event-stream") || !response.body) {
    throw new ConnectError("content-type", `expected text/event-stream, got "${type}" from ${url}`);
  }
  return batches(response.body.getReader(), callbacks);
}

async function* batches(reader: ReadableStreamDefaultReader<Uint8Array>, callbacks: StreamCallbacks) {
  let batch: EventSourceMessage[] = [];
  const decoder = new TextDecoder();
  const parser = createParser({ onEvent: (message) => batch.push(message), onRetry: callbacks.onRetry });
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    callbacks.onBytes(value.length);
    parser.feed(decoder.decode(value, { stream: true }));
    if (batch.length === 0) continue;
    yield batch;
    batch = [];
  }
}

/** The `detail` of a problem document (RFC 9457) says more than the status line. */
async function explain(response: Response): Promise<string> {
  const problem = await response.json().catch(() => null);
  return `HTTP ${response.status}: ${problem?.detail ?? problem?.title ?? response.statusText}`;
}
