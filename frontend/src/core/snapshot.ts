/** What one session looks like at one moment. Never changes; a flush replaces it. */

import type { AgentEvent, EventBase } from "@agui-lockstep/events";
import type { ConnectionStatus } from "./connection.ts";
import type { ConnectError } from "./errors.ts";
import type { EventContract } from "./options.ts";
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
  /** The contract that frames are judged by; undefined is that of `@agui-lockstep/events`. */
  readonly contract: EventContract<EventBase> | undefined;
  /** Drops the connection and resumes at once. */
  readonly reconnect: () => void;
  /** Loses the connection on purpose, and stays away for that long: to see what a viewer would see. */
  readonly dropFor: (ms: number) => void;
  /** Forgets the events shown so far; the stream goes on. */
  readonly clear: () => void;
}

/** `runs`, `messages` ... are empty until the fold has been loaded, which reading one of them begins. */
export interface SessionSnapshot<Known extends EventBase = AgentEvent> extends StreamState, View {
  /** In order, each once. Built when first read, so that readers of `status` do not pay for it. */
  readonly events: readonly Known[];
  readonly isConnected: boolean;
}

const NONE: readonly never[] = [];

/** What a session says before the fold has looked at it. */
const NOTHING: View = {
  runs: NONE,
  messages: NONE,
  toolCalls: NONE,
  steps: NONE,
  moments: NONE,
  state: undefined,
  stateStale: false,
  metrics: { byType: {}, events: 0, inputTokens: 0, outputTokens: 0 },
};

/** Without a view, `onRead` is told that somebody wants one. */
export function createSnapshot(
  events: () => readonly AgentEvent[],
  state: StreamState,
  view: View | undefined,
  onRead: () => void,
): SessionSnapshot {
  const snapshot = { ...state, ...view, isConnected: state.status === "open" } as SessionSnapshot;
  const lazily = (name: string, get: () => unknown) => Object.defineProperty(snapshot, name, { get, enumerable: true });
  lazily("events", events);
  if (!view) {
    for (const [name, value] of Object.entries(NOTHING)) {
      lazily(name, () => {
        onRead();
        return value;
      });
    }
  }
  return snapshot;
}
