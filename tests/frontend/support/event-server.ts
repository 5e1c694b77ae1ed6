/** A real HTTP server with scripted sessions: real sockets, real faults, and a log of every connection. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface LoggedRequest {
  readonly session: string;
  readonly after: string | undefined;
  readonly authorization: string | undefined;
}

/** Answers one request of a session; may write frames, hang, refuse or cut the socket. */
export type Script = (stream: ScriptedStream) => void | Promise<void>;

export class ScriptedStream {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Position of this request among all of its session, from 1. */
  readonly attempt: number;
  /** Offset of the cursor the client sent; 0 without one. */
  readonly after: number;
  #open = true;

  constructor(request: IncomingMessage, response: ServerResponse, attempt: number, cursor: string | undefined) {
    this.request = request;
    this.response = response;
    this.attempt = attempt;
    this.after = Number(cursor?.split(".").at(-1) ?? 0);
    response.on("close", () => {
      this.#open = false;
    });
  }

  get open(): boolean {
    return this.#open;
  }

  begin(headers: Record<string, string> = {}): void {
    this.response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", ...headers });
    this.response.flushHeaders();
  }

  refuse(status: number, problem: object = {}, headers: Record<string, string> = {}): void {
    this.response.writeHead(status, { "content-type": "application/problem+json", ...headers });
    this.response.end(JSON.stringify(problem));
  }

  write(text: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#open || this.response.write(text)) resolve();
      else {
        const done = () => {
          this.response.off("drain", done).off("close", done);
          resolve();
        };
        this.response.on("drain", done).on("close", done);
      }
    });
  }

  /** Cuts the socket in the middle of whatever it was doing. */
  cut(): void {
    this.response.socket?.destroy();
  }
}

export class EventServer {
  readonly requests: LoggedRequest[] = [];
  url = "";
  readonly #scripts = new Map<string, Script>();
  readonly #pages = new Map<string, [type: string, body: string | Uint8Array, headers?: Record<string, string>]>();
  readonly #live = new Map<string, number>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<EventServer> {
    const server = new EventServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    server.url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    return server;
  }

  script(session: string, script: Script): this {
    this.#scripts.set(session, script);
    return this;
  }

  page(path: string, type: string, body: string | Uint8Array, headers?: Record<string, string>): this {
    this.#pages.set(path, headers ? [type, body, headers] : [type, body]);
    return this;
  }

  /** Streams open now. */
  live(session: string): number {
    return this.#live.get(session) ?? 0;
  }

  of(session: string): LoggedRequest[] {
    return this.requests.filter((request) => request.session === session);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://server");
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "*, authorization");
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    const page = this.#pages.get(pathname);
    if (page) return void response.writeHead(200, { "content-type": page[0], ...page[2] }).end(page[1]);
    const session = decodeURIComponent(pathname.replace("/events/", ""));
    const script = pathname.startsWith("/events/") ? this.#scripts.get(session) : undefined;
    if (!script) return void response.writeHead(404).end();
    const after = request.headers["last-event-id"] as string | undefined;
    this.requests.push({ session, after, authorization: request.headers.authorization });
    this.#live.set(session, this.live(session) + 1);
    response.on("close", () => this.#live.set(session, this.live(session) - 1));
    await script(new ScriptedStream(request, response, this.of(session).length, after));
  }
}
