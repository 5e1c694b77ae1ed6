/** A contract as one object: what a client is handed, so that it never names an event of its own. */

import type { ReadOptions, UnknownEvent, Verdict } from "./read.ts";
import type { EventReader } from "./reader.ts";

/** What every event of every contract has. */
export interface EventBase {
  readonly event_id: string;
  readonly session_id: string;
  readonly timestamp: string;
  readonly type: string;
}

export interface Contract<Known extends EventBase = EventBase> {
  /** Version of the schema, as the server announces it in `session_stream_started`. */
  readonly version: string;
  /** `sha256:<hex>` of the schema's bytes. */
  readonly digest: string;
  /** Every known type, in the order of the schema. */
  readonly eventTypes: readonly Known["type"][];
  /** The event in text, bytes or a value. Throws InvalidEventError. */
  parse(input: unknown, options?: ReadOptions): Known | UnknownEvent;
  /** The same without an exception, and with the members that were left out. */
  read(input: unknown, options?: ReadOptions): Verdict<Known>;
  /** The same for the events of one stream, which look alike, and sooner. */
  createReader(): EventReader<Known>;
  /** Compact JSON, as it goes over the wire. */
  encode(event: Known | UnknownEvent): string;
}

/** Where a published event went. */
export interface Receipt {
  readonly event_id: string;
  /** The event's place in its session: `<epoch>.<offset>`. */
  readonly cursor: string;
  /** The event had been published before; nothing was added. */
  readonly duplicate: boolean;
}
