/** Keeps the books of one stream: attempts, gaps, quarantine and counts. */

import type { AgentEvent, EventOf } from "@agui-lockstep/events";
import type { ConnectionStatus } from "./connection.ts";
import { type Cursor, readCursor } from "./cursor.ts";
import type { ConnectError } from "./errors.ts";
import type { ConnectionRecord, Gap, QuarantinedFrame, ServerContract, StreamStats } from "./records.ts";
import { Table } from "./table.ts";

const KEPT = 200;
const MAX_TEXT = 10_000;

export class StreamRecords {
  readonly stats: StreamStats = {
    events: 0,
    bytes: 0,
    duplicates: 0,
    gaps: 0,
    invalid: 0,
    unknown: 0,
    connections: 0,
    missed: 0,
    recovered: 0,
    evicted: 0,
  };
  readonly #connections = new Table<ConnectionRecord>(KEPT);
  readonly #gaps = new Table<Gap>(KEPT);
  readonly #quarantine = new Table<QuarantinedFrame>(KEPT);
  /** Offset of the newest event at the time the stream opened: what is up to it, was published before. */
  #replayUntil = -1;
  /** Newest event that any reopening has counted as missed. */
  #horizon: Cursor | undefined;
  #key = "";
  #closing = false;
  #server: ServerContract | null = null;

  attempt(cursor: string | undefined): void {
    const number = ++this.stats.connections;
    this.#key = `${number}`;
    this.#closing = false;
    this.#replayUntil = -1;
    this.#connections.put(this.#key, {
      number,
      after: cursor,
      startedAt: Date.now(),
      events: 0,
      duplicates: 0,
      missed: 0,
    });
  }

  /** Returns the error to show: none for an end that the server announced. */
  statusChanged(status: ConnectionStatus, error: ConnectError | null): ConnectError | null {
    const attempt = this.#attempt();
    if (attempt && status === "open") attempt.openedAt = Date.now();
    else if (attempt && status !== "connecting" && attempt.endedAt === undefined) {
      attempt.endedAt = Date.now();
      attempt.reason = this.#closing ? "the server is closing" : (error?.message ?? "closed");
      if (error?.status !== undefined) attempt.status = error.status;
    }
    return this.#closing ? null : error;
  }

  duplicate(): void {
    this.stats.duplicates++;
    const attempt = this.#attempt();
    if (attempt) attempt.duplicates++;
  }

  gap(reason: string, after: string | undefined, resumesAt: string, missed?: number): void {
    this.#gaps.put(`${++this.stats.gaps}`, { reason, after, resumesAt, missed, at: Date.now() });
  }

  quarantine(kind: QuarantinedFrame["kind"], faults: readonly string[], id: string | undefined, text: string): void {
    this.stats[kind]++;
    const number = this.stats.invalid + this.stats.unknown;
    this.#quarantine.put(`${number}`, { number, kind, id, text: text.slice(0, MAX_TEXT), faults, at: Date.now() });
  }

  /** Returns whether the event was published before this connection opened. */
  received(event: AgentEvent, cursor: Cursor | undefined): boolean {
    switch (event.type) {
      case "session_stream_started":
        this.#started(event, cursor);
        return false;
      case "session_stream_gap":
        this.gap(event.payload.reason, event.payload.after, event.payload.resumes_at, event.payload.missed);
        return false;
      case "session_stream_closing":
        this.#closing = true;
        return false;
    }
    this.stats.events++;
    const attempt = this.#attempt();
    if (!attempt) return false;
    attempt.events++;
    const replayed = cursor !== undefined && cursor.offset <= this.#replayUntil;
    if (replayed && attempt.number > 1) this.stats.recovered++;
    return replayed;
  }

  snapshot(evicted: number) {
    return {
      stats: { ...this.stats, evicted },
      connections: this.#connections.snapshot(),
      gaps: this.#gaps.snapshot(),
      quarantine: this.#quarantine.snapshot(),
      server: this.#server,
    };
  }

  #started({ payload }: EventOf<"session_stream_started">, from: Cursor | undefined): void {
    const latest = payload.latest === undefined ? undefined : readCursor(payload.latest);
    this.#replayUntil = latest?.offset ?? -1;
    const { contract: name, contract_version: version, contract_digest: digest } = payload;
    this.#server = { name, version, digest };
    const attempt = this.#attempt();
    if (attempt && attempt.number > 1 && latest && from) {
      attempt.missed = Math.max(0, latest.offset - from.offset);
      // A connection lost in the middle of a replay must not count the rest a second time.
      const counted = this.#horizon?.epoch === latest.epoch ? Math.max(this.#horizon.offset, from.offset) : from.offset;
      this.stats.missed += Math.max(0, latest.offset - counted);
      this.#horizon = latest;
    }
  }

  /** The attempt in progress. */
  #attempt(): ConnectionRecord | undefined {
    return this.#connections.edit(this.#key);
  }
}
