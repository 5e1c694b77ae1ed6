/** Follows one session: puts the stream, the log and the fold together, and publishes snapshots. */

import type { AgentEvent } from "@agui-lockstep/events";
import type { EventSourceMessage } from "eventsource-parser";
import { Connection, type ConnectionStatus } from "./connection.ts";
import { type Cursor, place, readCursor } from "./cursor.ts";
import { decode } from "./decode.ts";
import { ConnectError } from "./errors.ts";
import { EventLog } from "./event-log.ts";
import { FlushScheduler } from "./flush.ts";
import { type AgentEventsOptions, streamUrl } from "./options.ts";
import { createSnapshot, type SessionSnapshot } from "./snapshot.ts";
import { StreamRecords } from "./stream-records.ts";
import { SessionView } from "./view.ts";

/** Called for every new event as it is read, before it is visible in a snapshot. */
export type EventListener = (event: AgentEvent, info: { readonly replayed: boolean }) => void;

export class AgentEventsClient {
  readonly sessionId: string;
  readonly #subscribers = new Set<() => void>();
  readonly #listeners = new Set<EventListener>();
  readonly #connection: Connection;
  readonly #flush: FlushScheduler;
  readonly #records = new StreamRecords();
  #options: AgentEventsOptions;
  #log!: EventLog<AgentEvent>;
  #view!: SessionView;
  #snapshot!: SessionSnapshot;
  #status: ConnectionStatus = "idle";
  #error: ConnectError | null = null;
  #warning: string | null = null;
  #lastEventId: string | undefined;
  /** The same, read once. */
  #position: Cursor | undefined;
  /** The cursor of a gap that was asked for again; the second time it is a fact. */
  #askedAgain: string | undefined;

  constructor(sessionId: string, options: AgentEventsOptions = {}) {
    this.sessionId = sessionId;
    this.#options = options;
    this.#lastEventId = options.lastEventId;
    this.#position = options.lastEventId === undefined ? undefined : readCursor(options.lastEventId);
    this.#flush = new FlushScheduler(() => this.#publish(), options.flush);
    this.#connection = new Connection({
      request: () => ({
        url: streamUrl(sessionId, this.#options),
        cursor: this.#lastEventId,
        options: this.#options,
      }),
      onAttempt: () => this.#records.attempt(this.#lastEventId),
      onStatus: (status, error) => this.#setStatus(status, error),
      onBytes: (count) => {
        this.#records.stats.bytes += count;
      },
      onMessage: (message) => this.#receive(message),
    });
    this.#empty();
    for (const event of options.initialEvents ?? []) this.#append(event);
    this.#publish();
  }

  readonly subscribe = (subscriber: () => void): (() => void) => {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  };

  /** The same object until the next flush. */
  readonly getSnapshot = (): SessionSnapshot => this.#snapshot;

  readonly listen = (listener: EventListener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes effect at the next attempt to connect; a running stream is left alone. */
  configure(options: AgentEventsOptions): void {
    this.#options = options;
  }

  open(): void {
    this.#connection.start();
  }

  close(): void {
    this.#connection.stop();
    this.#setStatus("idle", null);
    this.#flush.cancel();
  }

  readonly reconnect = (): void => {
    if (this.#status === "open") this.#connection.interrupt();
    else this.#connection.start();
  };

  readonly dropFor = (ms: number): void => {
    this.#connection.interrupt(new ConnectError("cut", "the connection was cut on purpose"), ms);
  };

  readonly clear = (): void => {
    this.#empty();
    this.#flush.now();
  };

  warn(warning: string | null): void {
    this.#warning = warning;
    this.#flush.request();
  }

  #empty(): void {
    this.#log = new EventLog(this.#options.maxEvents ?? 20_000);
    this.#view = new SessionView(this.#options.maxEntities);
  }

  #setStatus(status: ConnectionStatus, error: ConnectError | null): void {
    this.#status = status;
    this.#error = this.#records.statusChanged(status, error);
    this.#flush.now();
  }

  /** Returns whether the frame carried a new event of the session. */
  #receive({ id, event: name = "", data }: EventSourceMessage): boolean {
    const control = name.startsWith("session_stream_");
    const cursor = id === undefined ? undefined : readCursor(id);
    if (id && !control && !this.#accept(id, cursor)) return false;
    if (id) {
      this.#lastEventId = id;
      this.#position = cursor;
    }
    this.#flush.request();
    const decoded = decode(data, this.#options.contract);
    if (decoded.kind !== "event") {
      this.#records.quarantine(decoded.kind, decoded.faults, id, data);
      return false;
    }
    const { event } = decoded;
    const replayed = this.#records.received(event, cursor);
    if (!control) this.#append(event);
    for (const listener of this.#listeners) listener(event, { replayed });
    return !control;
  }

  /** Decides by the cursor alone, in O(1) memory, whether a frame continues the log. */
  #accept(id: string, cursor: Cursor | undefined): boolean {
    if (!this.#position || !cursor) return true;
    const placement = place(cursor, this.#position);
    if (placement === "next") return true;
    if (placement === "duplicate") {
      this.#records.duplicate();
      return false;
    }
    if (placement === "gap" && this.#options.types) return true;
    if (placement === "gap" && this.#askedAgain !== id) {
      this.#askedAgain = id;
      this.#connection.interrupt(new ConnectError("gap", `events between ${this.#lastEventId} and ${id} are missing`));
      return false;
    }
    this.#records.gap(placement === "gap" ? "not_delivered" : "log_replaced", this.#lastEventId, id);
    return true;
  }

  #append(event: AgentEvent): void {
    this.#log.push(event);
    this.#view.apply(event);
  }

  #publish(): void {
    this.#snapshot = createSnapshot(this.#log.view(), {
      sessionId: this.sessionId,
      status: this.#status,
      error: this.#error,
      warning: this.#warning,
      lastEventId: this.#lastEventId,
      ...this.#records.snapshot(this.#log.dropped),
      ...this.#view.snapshot(),
      reconnect: this.reconnect,
      dropFor: this.dropFor,
      clear: this.clear,
    });
    for (const subscriber of this.#subscribers) subscriber();
  }
}
