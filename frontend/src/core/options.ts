/** What a caller may set when following a session. */

import type { AgentEvent, Contract, EventBase } from "@agui-lockstep/events";
import type { ConnectOptions } from "./connection.ts";
import type { FlushOptions } from "./flush.ts";

/** What the client needs of a contract; any generated package exports a whole one. */
export type EventContract<Known extends EventBase = AgentEvent> = Pick<Contract<Known>, "read"> &
  Partial<Pick<Contract<Known>, "createReader" | "version" | "digest">>;

/** `Known` is the union of the contract's events; whoever gives a `contract` need not name it. */
export interface AgentEventsOptions<Known extends EventBase = AgentEvent> extends ConnectOptions {
  /** Where the server is mounted. Default: the page's own origin. */
  readonly baseUrl?: string | undefined;
  /** The whole address of a session's stream, when it is not `<baseUrl>/events/<session id>`. */
  readonly url?: ((sessionId: string) => string) | undefined;
  /** Sessions of different scopes never share a connection, for example two users on one page. */
  readonly scope?: string | undefined;
  /** Only these types; the cursor still moves, but skipped offsets can no longer be told from lost ones. */
  readonly types?: readonly NoInfer<Known>["type"][] | undefined;
  /** Without a cursor: everything the server kept, or only what comes from now on. Default "earliest". */
  readonly from?: "earliest" | "now" | undefined;
  /** Continue after this cursor; goes with `initialEvents`. */
  readonly lastEventId?: string | undefined;
  /** Events fetched before, for example while rendering on the server. */
  readonly initialEvents?: readonly NoInfer<Known>[] | undefined;
  /** Newest events kept, in steps of 1024. Default 20 000. */
  readonly maxEvents?: number | undefined;
  /** Runs, messages, tool calls ... kept of each kind. Default 5 000. */
  readonly maxEntities?: number | undefined;
  readonly flush?: FlushOptions | undefined;
  /** Judges every frame. Default: the contract of `@agui-lockstep/events`, tolerant of newer servers. */
  readonly contract?: EventContract<Known> | undefined;
}

/** The address of a session's stream. */
export function streamUrl(sessionId: string, options: AgentEventsOptions<EventBase>): string {
  const base = options.url?.(sessionId) ?? `${options.baseUrl ?? ""}/events/${encodeURIComponent(sessionId)}`;
  // Neither needs escaping: types are names.
  const query = [options.types && `types=${options.types}`, options.from === "now" && "from=now"].filter(Boolean);
  return query.length ? `${base}${base.includes("?") ? "&" : "?"}${query.join("&")}` : base;
}
