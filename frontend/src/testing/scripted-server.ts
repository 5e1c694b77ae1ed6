/** A server for tests that lives in the test: hand its `fetch` to the client and say what happens. */

import type { AgentEvent } from "@agui-lockstep/events";

export interface ScriptedRequest {
  readonly url: string;
  /** The `Last-Event-ID` that the client sent. */
  readonly after: string | undefined;
  readonly headers: Headers;
}

const EPOCH = "test";
const encoder = new TextEncoder();

/** One session behind a real `fetch`: answers are real responses, with real bytes. */
export class ScriptedServer {
  /** Every attempt to connect, in order. */
  readonly requests: ScriptedRequest[] = [];
  readonly #log: AgentEvent[] = [];
  readonly #open = new Set<ReadableStreamDefaultController<Uint8Array>>();
  #refusal: Response | undefined;

  /** Streams open now. */
  get connections(): number {
    return this.#open.size;
  }

  /** Publishes events: to everybody who is connected, and to the log for those who come later. */
  send(...events: readonly AgentEvent[]): void {
    for (const event of events) {
      this.#log.push(event);
      this.sendRaw(frame(this.#log.length, event));
    }
  }

  /** Writes bytes as they are, for example a frame that is no event. */
  sendRaw(text: string): void {
    for (const stream of this.#open) stream.enqueue(encoder.encode(text));
  }

  /** Loses every connection, as a network does: without a goodbye. */
  cut(): void {
    for (const stream of this.#open) stream.error(new TypeError("network error"));
    this.#open.clear();
  }

  /** Answers the next attempts with this status, until `accept`. */
  refuse(status: number, detail = "refused by the test"): void {
    const headers = { "content-type": "application/problem+json" };
    this.#refusal = new Response(JSON.stringify({ status, detail }), { status, headers });
  }

  accept(): void {
    this.#refusal = undefined;
  }

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    const after = headers.get("last-event-id") ?? undefined;
    this.requests.push({ url: String(input), after, headers });
    if (this.#refusal) return this.#refusal.clone();
    return new Response(this.#stream(Number(after?.split(".")[1] ?? 0), init.signal), {
      headers: { "content-type": "text/event-stream" },
    });
  };

  #stream(after: number, signal: AbortSignal | null | undefined): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (stream) => {
        this.#open.add(stream);
        signal?.addEventListener("abort", () => {
          if (this.#open.delete(stream)) stream.error(signal.reason);
        });
        const missed = this.#log.slice(after).map((event, position) => frame(after + position + 1, event));
        stream.enqueue(encoder.encode(this.#greeting(after) + missed.join("")));
      },
    });
  }

  #greeting(after: number): string {
    const [cursor, latest] = [after, this.#log.length].map((offset) => `${EPOCH}.${offset}`);
    const payload = { message: "SSE connection established", recovered: true, cursor, latest };
    const session_id = this.#log[0]?.session_id ?? "session-1";
    const greeting = {
      event_id: "019b7796-0000-7000-8000-000000000000",
      session_id,
      timestamp: "2026-01-01T12:00:00.000Z",
    };
    return frame(after, { ...greeting, type: "session_stream_started", payload } as AgentEvent);
  }
}

function frame(offset: number, event: AgentEvent): string {
  return `id: ${EPOCH}.${offset}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
