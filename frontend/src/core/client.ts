/** Follows one session: puts the stream, the log and the fold together, and publishes snapshots. */

import { type AgentEvent, createEventReader, type EventBase, type EventReader } from "@agui-lockstep/events";
import { type ConnectionStatus, createConnection } from "./connection.ts";
import { type Cursor, readCursor } from "./cursor.ts";
import { ConnectError } from "./errors.ts";
import { createEventLog, EventText, type Reading } from "./event-log.ts";
import { createFlush } from "./flush.ts";
import { loadedFold, loadFold } from "./fold.ts";
import { type AgentEventsOptions, type EventContract, streamUrl } from "./options.ts";
import { createSnapshot, type SessionSnapshot } from "./snapshot.ts";
import { createRecords, type StreamEvent } from "./stream-records.ts";
import type { SessionView } from "./view.ts";

/** Called for every new event as it is read, before it is visible in a snapshot. */
export type EventListener<Known extends EventBase = AgentEvent> = (
  event: Known,
  info: { readonly replayed: boolean },
) => void;

export interface AgentEventsClient<Known extends EventBase = AgentEvent> {
  readonly subscribe: (subscriber: () => void) => () => void;
  /** The same object until the next flush. */
  readonly getSnapshot: () => SessionSnapshot<Known>;
  readonly listen: (listener: EventListener<Known>) => () => void;
  /** Takes effect at the next attempt to connect; a running stream is left alone. */
  readonly configure: (options: AgentEventsOptions<Known>) => void;
  readonly open: () => void;
  readonly close: () => void;
  readonly reconnect: () => void;
  readonly dropFor: (ms: number) => void;
  readonly clear: () => void;
  readonly warn: (warning: string | null) => void;
}

function readerOf(contract: EventContract | undefined): EventReader<AgentEvent> {
  return contract ? (contract.createReader?.() ?? contract.read) : createEventReader();
}

export function createClient<Known extends EventBase = AgentEvent>(
  sessionId: string,
  options?: AgentEventsOptions<Known>,
): AgentEventsClient<Known>;
// Inside, every event is one of ours: the fold passes over types that it does not know.
export function createClient(sessionId: string, options: AgentEventsOptions = {}): AgentEventsClient {
  const subscribers = new Set<() => void>();
  const listeners = new Set<EventListener>();
  const records = createRecords();
  const flush = createFlush(publish, options.flush);
  let read = readerOf(options.contract);
  let log = createEventLog<AgentEvent>();
  /** Once the fold is here. */
  let view: SessionView | undefined;
  let snapshot: SessionSnapshot;
  let status: ConnectionStatus = "idle";
  let error: ConnectError | null = null;
  let warning: string | null = null;
  let { lastEventId } = options;
  /** The same, read once. */
  let position = readCursor(lastEventId);
  /** The cursor of a gap that was asked for again; the second time it is a fact. */
  let askedAgain: string | undefined;

  const connection = createConnection({
    onAttempt() {
      records.attempt(lastEventId);
      return { url: streamUrl(sessionId, options), cursor: lastEventId, options };
    },
    onStatus: setStatus,
    onBytes(count) {
      records.stats.bytes += count;
    },
    onBehind: flush.behind,
    onMessage: receive,
  });

  function setStatus(next: ConnectionStatus, reason: ConnectError | null): void {
    status = next;
    error = records.statusChanged(next, reason);
    flush.now();
  }

  /** Returns whether the frame carried a new event of the session. */
  function receive(id: string | undefined, name: string | undefined, data: string): boolean {
    const control = name?.startsWith("session_stream_");
    const cursor = readCursor(id, position);
    if (cursor && !control && !isNext(id as string, cursor)) return false;
    if (id) {
      lastEventId = id;
      position = cursor;
    }
    flush.request();
    const ruling = read(data);
    if (ruling.verdict === "unknown" || ruling.verdict === "invalid") {
      const faults =
        ruling.verdict === "unknown"
          ? [`the contract has no type "${ruling.event.type}"`]
          : ruling.faults.map(({ pointer, message }) => `${pointer || "document"}: ${message}`);
      records.addQuarantined(ruling.verdict, faults, id, data);
      return false;
    }
    const reading = ruling.verdict === "known" ? ruling : new EventText<AgentEvent>(data);
    let replayed = false;
    if (control) records.control(reading.event as StreamEvent, cursor);
    else {
      replayed = records.count("events", cursor);
      append(reading);
    }
    for (const listener of listeners) listener(reading.event, { replayed });
    return !control;
  }

  /** Decides by the cursor alone, in O(1) memory, whether a frame continues the log. */
  function isNext(id: string, cursor: Cursor): boolean {
    if (!position) return true;
    const sameLog = cursor.epoch === position.epoch;
    const skipped = cursor.offset - position.offset - 1;
    if (sameLog && skipped < 0) {
      records.count("duplicates", cursor);
      return false;
    }
    // Also from one life of the log to the next: of what was lost between them the server tells who has seen it.
    if (skipped === 0 || (sameLog && options.types)) return true;
    if (sameLog && askedAgain !== id) {
      askedAgain = id;
      connection.interrupt(new ConnectError("gap", `events between ${lastEventId} and ${id} are missing`));
      return false;
    }
    records.addGap({ reason: sameLog ? "not_delivered" : "log_replaced", after: lastEventId, resumesAt: id });
    return true;
  }

  function append(reading: Reading<AgentEvent>): void {
    const { maxEvents = 20_000 } = options;
    const length = log.push(reading);
    view?.take(reading);
    if (length <= maxEvents) return;
    // The fold must have seen an event before it goes; a page that cannot load it must not grow for ever.
    if (view || length > 2 * maxEvents) records.stats.evicted += log.trim(maxEvents);
    else void needView();
  }

  /** From here on the fold goes along; what is in the log already is folded at once. */
  function fold(): void {
    const View = loadedFold();
    if (!View || view) return;
    view = new View(options.maxEntities);
    for (const reading of log.readings()) view.take(reading);
  }

  async function needView(): Promise<void> {
    await loadFold();
    fold();
    flush.request();
  }

  function publish(): void {
    const { contract } = options;
    const state = { sessionId, status, error, warning, lastEventId, contract, reconnect, dropFor, clear };
    snapshot = createSnapshot(log.view(), { ...state, ...records.snapshot() }, view?.snapshot(), needView);
    for (const subscriber of subscribers) subscriber();
  }

  function reconnect(): void {
    if (status === "open") connection.interrupt();
    else connection.start();
  }

  function dropFor(ms: number): void {
    connection.interrupt(new ConnectError("cut", "cut on purpose"), ms);
  }

  function clear(): void {
    log = createEventLog();
    view = undefined;
    fold();
    flush.now();
  }

  fold();
  for (const event of options.initialEvents ?? []) append({ event });
  publish();

  return {
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    getSnapshot: () => snapshot,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    configure(changed) {
      if (changed.contract !== options.contract) read = readerOf(changed.contract);
      options = changed;
    },
    open: connection.start,
    close() {
      connection.stop();
      setStatus("idle", null);
    },
    reconnect,
    dropFor,
    clear,
    warn(text) {
      warning = text;
      flush.request();
    },
  };
}
