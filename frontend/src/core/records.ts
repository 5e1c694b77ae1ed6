/** What the client notes about the stream itself. */

/** One attempt to connect. */
export interface ConnectionRecord {
  /** 1 for the first attempt. */
  readonly number: number;
  /** The cursor sent as `Last-Event-ID`. */
  readonly after: string | undefined;
  /** Milliseconds since 1970, like every time here. */
  readonly startedAt: number;
  openedAt?: number;
  endedAt?: number;
  /** Why it ended, for people. */
  reason?: string;
  /** HTTP status of a refusal. */
  status?: number;
  /** New events that came over it. */
  events: number;
  /** Events dropped because they were already here. */
  duplicates: number;
  /** Events published while there was no connection, as the server counted them on opening. */
  missed: number;
}

/** Events that will not come. Nothing is skipped without one of these. */
export interface Gap {
  readonly reason: string;
  readonly after: string | undefined;
  readonly resumesAt: string;
  /** How many events, when the server knows. */
  readonly missed?: number | undefined;
  readonly at: number;
}

/** A frame that is not an event this client knows. The stream goes on. */
export interface QuarantinedFrame {
  readonly number: number;
  /** `invalid` breaks the contract, `unknown` is an event of a newer contract. */
  readonly kind: "invalid" | "unknown";
  readonly id: string | undefined;
  /** The frame's data, cut after 10 000 characters. */
  readonly text: string;
  /** Where and why, for people. */
  readonly faults: readonly string[];
  readonly at: number;
}

/** The contract that the server speaks, as it says on opening. */
export interface ServerContract {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly digest: string | undefined;
}

export interface StreamStats {
  /** New events, evicted ones included. */
  events: number;
  /** Bytes read, heartbeats included. */
  bytes: number;
  duplicates: number;
  gaps: number;
  invalid: number;
  unknown: number;
  /** Attempts to connect, the first included. */
  connections: number;
  /** Events published while there was no connection, and how many of them came after all. */
  missed: number;
  recovered: number;
  /** Events no longer kept, see `maxEvents`. */
  evicted: number;
}
