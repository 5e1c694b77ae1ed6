/** What one session looks like at one moment. Never changes; a flush replaces it. */

import type { AgentEvent } from "@agui-lockstep/events";
import type { ConnectionStatus } from "./connection.ts";
import type { ConnectError } from "./errors.ts";
import type { LogView } from "./event-log.ts";
import type { ConnectionRecord, Gap, QuarantinedFrame, ServerContract, StreamStats } from "./records.ts";
import type { View } from "./view.ts";

interface StreamState {
  readonly sessionId: string | null;
  readonly status: ConnectionStatus;
  readonly error: ConnectError | null;
  /** A hint that the page itself is in the way, for example too many streams over HTTP/1.1. */
  readonly warning: string | null;
  readonly lastEventId: string | undefined;
  readonly stats: Readonly<StreamStats>;
  /** The newest 200 attempts. */
  readonly connections: readonly ConnectionRecord[];
  readonly gaps: readonly Gap[];
  readonly quarantine: readonly QuarantinedFrame[];
  readonly server: ServerContract | null;
  /** Drops the connection and resumes at once. */
  readonly reconnect: () => void;
  /** Loses the connection on purpose, and stays away for that long: to see what a viewer would see. */
  readonly dropFor: (ms: number) => void;
  /** Forgets the events shown so far; the stream goes on. */
  readonly clear: () => void;
}

export interface SessionSnapshot extends StreamState, View {
  /** In order, each once. Built when first read, so that readers of `status` do not pay for it. */
  readonly events: readonly AgentEvent[];
  readonly isConnected: boolean;
}

/** A class, so that `events` is computed on demand and still comes along when a result is destructured. */
class Snapshot {
  readonly #log: LogView<AgentEvent>;

  constructor(log: LogView<AgentEvent>, state: StreamState & View) {
    this.#log = log;
    Object.assign(this, state);
  }

  get isConnected(): boolean {
    return (this as unknown as StreamState).status === "open";
  }

  get events(): readonly AgentEvent[] {
    return this.#log.toArray();
  }
}

export function createSnapshot(log: LogView<AgentEvent>, state: StreamState & View): SessionSnapshot {
  return new Snapshot(log, state) as unknown as SessionSnapshot;
}
