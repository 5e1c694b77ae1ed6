/** An AG-UI answer that outlives its socket: what the client reads ends when the run does, not when a connection does. */

/** A request, and the same one after what has been read: with the id of the last frame. */
export interface Route {
  /** Ask for the stream from its beginning. */
  begin(signal: AbortSignal): Promise<Response>;
  /** Ask for what follows a frame. */
  resume(lastEventId: string, runId: string | undefined, signal: AbortSignal): Promise<Response>;
}

export interface ResumeOptions {
  /** Connections that may fail one after another before the run counts as lost. */
  readonly attempts: number;
  /** Milliseconds before the first new attempt; doubled with each, up to 5 s. */
  readonly pause: number;
  /** Told the id of the run as soon as the stream names it. */
  readonly onRun?: (runId: string) => void;
}

const LONGEST_PAUSE = 5_000;
const TERMINAL = /"type":"RUN_(?:FINISHED|ERROR)"/;
const STARTED = /"type":"RUN_STARTED"/;

/** Where a stream is: reads whole frames, and remembers the last one. */
class Position {
  lastEventId = "";
  runId: string | undefined;
  ended = false;
  #rest = "";
  #decoder = new TextDecoder();

  /** The whole frames in what has been read so far. Half a frame waits, and is forgotten when its connection fails. */
  take(chunk: Uint8Array): string {
    this.#rest += this.#decoder.decode(chunk, { stream: true });
    const end = this.#rest.lastIndexOf("\n\n") + 2;
    if (end < 2) return "";
    const whole = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    for (const frame of whole.split("\n\n")) this.#note(frame);
    return whole;
  }

  restart(): void {
    this.#rest = "";
    this.#decoder = new TextDecoder();
  }

  #note(frame: string): void {
    const id = /^id: ?(.*)$/m.exec(frame)?.[1];
    if (id !== undefined) this.lastEventId = id;
    // The pattern spares the parser the many frames that are neither; it may also match what is quoted inside one.
    if (!TERMINAL.test(frame) && !STARTED.test(frame)) return;
    const { type, runId } = JSON.parse(/^data: ?(.*)$/m.exec(frame)?.[1] ?? "{}");
    if (type === "RUN_STARTED") this.runId = String(runId);
    this.ended = type === "RUN_FINISHED" || type === "RUN_ERROR";
  }
}

/**
 * The first answer, with a body that goes on over as many connections as it takes.
 * An answer that is a refusal is returned as it is.
 */
export async function resuming(route: Route, signal: AbortSignal, options: ResumeOptions): Promise<Response> {
  const position = new Position();
  const left = new AbortController();
  const either = AbortSignal.any([signal, left.signal]);
  let response = await connect(route, position, either, options);
  if (!response.ok || response.body === null || response.headers.get("content-length") === "0") return response;

  async function* frames(): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder();
    for (let empty = 0; ; empty++) {
      for await (const text of read(response, position)) {
        empty = 0;
        if (position.runId !== undefined) options.onRun?.(position.runId);
        yield encoder.encode(text);
      }
      if (position.ended || either.aborted) return;
      if (empty >= options.attempts) throw new Error("the run has not ended, and nothing more comes of it");
      if (empty > 0) await sleep(backoff(options.pause, empty), either);
      response = await connect(route, position, either, options);
      if (!response.ok) throw new Error(`HTTP ${response.status} when the run was resumed: ${await response.text()}`);
    }
  }

  const source = frames();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      left.abort();
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

/** The frames of one connection, until it ends or breaks. */
async function* read(response: Response, position: Position): AsyncGenerator<string> {
  position.restart();
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const whole = position.take(value);
      if (whole !== "") yield whole;
      if (position.ended) return;
    }
  } catch {
    return; // a broken socket is no news: the run is where the server is
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** A connection. What the network or a server in trouble refuses is asked for again, what is wrong is not. */
async function connect(
  route: Route,
  position: Position,
  signal: AbortSignal,
  { attempts, pause }: ResumeOptions,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = position.lastEventId
        ? await route.resume(position.lastEventId, position.runId, signal)
        : await route.begin(signal);
      if (response.status < 500 || attempt >= attempts) return response;
    } catch (error) {
      if (signal.aborted || attempt >= attempts) throw error;
    }
    await sleep(backoff(pause, attempt), signal);
  }
}

function backoff(pause: number, attempt: number): number {
  return Math.min(pause * 2 ** (attempt - 1), LONGEST_PAUSE);
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
