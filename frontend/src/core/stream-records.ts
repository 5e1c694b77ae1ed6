/** Keeps the books of one stream: attempts, gaps, quarantine and counts. */

import type { EventOf } from "@agui-lockstep/events";
import type { ConnectionStatus } from "./connection.ts";
import { type Cursor, readCursor } from "./cursor.ts";
import type { ConnectError } from "./errors.ts";
import type { ConnectionRecord, Gap, QuarantinedFrame, ServerContract, StreamStats } from "./records.ts";

const MAX_TEXT = 10_000;

/** The list with one more at its end; the newest 200 are kept. */
function appended<T>(list: readonly T[], item: T): readonly T[] {
  return [...list.slice(-199), item];
}

export type StreamEvent = EventOf<"session_stream_started" | "session_stream_gap" | "session_stream_closing">;
export type StreamRecords = ReturnType<typeof createRecords>;

export function createRecords() {
  const stats: StreamStats = {
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
  let past: readonly ConnectionRecord[] = [];
  let gaps: readonly Gap[] = [];
  let quarantine: readonly QuarantinedFrame[] = [];
  let server: ServerContract | null = null;
  /** The attempt in progress, or the last one. */
  let attempt: ConnectionRecord | undefined;
  /** Offset of the newest event at the time the stream opened: what is up to it, was published before. */
  let replayUntil = -1;
  /** Newest event that any reopening has counted as missed. */
  let horizon: Cursor | undefined;
  let closing = false;

  /** What was handed out must not change, and only the newest attempt still does. */
  const connections = () => (attempt ? appended(past, { ...attempt }) : past);

  const addGap = (gap: Omit<Gap, "at">) => {
    stats.gaps++;
    gaps = appended(gaps, { ...gap, at: Date.now() });
  };

  return {
    stats,
    addGap,

    attempt(after: string | undefined): void {
      past = connections();
      closing = false;
      replayUntil = -1;
      const number = ++stats.connections;
      attempt = { number, after, startedAt: Date.now(), events: 0, duplicates: 0, missed: 0 };
    },

    /** Returns the error to show: none for an end that the server announced. */
    statusChanged(status: ConnectionStatus, error: ConnectError | null): ConnectError | null {
      if (attempt && status === "open") attempt.openedAt = Date.now();
      else if (attempt && status !== "connecting" && !attempt.endedAt) {
        attempt.endedAt = Date.now();
        attempt.reason = closing ? "the server is closing" : (error?.message ?? "closed");
        if (error?.status) attempt.status = error.status;
      }
      return closing ? null : error;
    },

    /** A new event of the session, or one that is here already. Returns whether it was published before the stream opened. */
    count(kind: "events" | "duplicates", cursor: Cursor | undefined): boolean {
      stats[kind]++;
      if (attempt) attempt[kind]++;
      const replayed = !!cursor && cursor.offset <= replayUntil;
      if (replayed && kind === "events" && stats.connections > 1) stats.recovered++;
      return replayed;
    },

    addQuarantined(kind: QuarantinedFrame["kind"], faults: readonly string[], id: string | undefined, data: string) {
      stats[kind]++;
      const number = stats.invalid + stats.unknown;
      quarantine = appended(quarantine, { number, kind, id, text: data.slice(0, MAX_TEXT), faults, at: Date.now() });
    },

    /** An event about the stream itself, which is no event of the session. */
    control({ type, payload }: StreamEvent, from: Cursor | undefined): void {
      if (type === "session_stream_closing") closing = true;
      else if (type === "session_stream_gap") {
        const { reason, after, resumes_at: resumesAt, missed } = payload;
        addGap({ reason, after, resumesAt, missed });
      } else {
        const { contract: name, contract_version: version, contract_digest: digest } = payload;
        server = { name, version, digest };
        const latest = readCursor(payload.latest);
        replayUntil = latest?.offset ?? -1;
        if (!attempt || attempt.number < 2 || !latest || !from) return;
        const missedAfter = (offset: number) => Math.max(0, latest.offset - offset);
        attempt.missed = missedAfter(from.offset);
        // A connection lost in the middle of a replay must not count the rest a second time.
        const counted = horizon?.epoch === latest.epoch ? horizon.offset : 0;
        stats.missed += missedAfter(Math.max(counted, from.offset));
        horizon = latest;
      }
    },

    snapshot: () => ({ stats: { ...stats }, connections: connections(), gaps, quarantine, server }),
  };
}
