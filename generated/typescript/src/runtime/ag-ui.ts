/** The AG-UI codec of a contract: identity both ways, strict for producers and tolerant for what the wire really brings. */

import { type AgUiContext, type AgUiFault, type AgUiFrame, AgUiTable, type AgUiTableData } from "./ag-ui-table.ts";
import type { Contract, EventBase } from "./contract.ts";
import { isObject } from "./json.ts";
import type { ReadOptions, UnknownEvent } from "./read.ts";
import { newEventId, newTimestamp } from "./stamp.ts";
import { quote } from "./words.ts";

export type { AgUiContext, AgUiFault, AgUiFrame, AgUiTableData } from "./ag-ui-table.ts";

/** Thrown for a frame, or a RunAgentInput, that is not what AG-UI says. */
export class InvalidAgUiError extends Error {
  override readonly name = "InvalidAgUiError";
  /** Every fault, sorted by pointer. */
  readonly faults: readonly AgUiFault[];

  constructor(faults: readonly AgUiFault[], what: string) {
    const sorted = [...faults].sort((one, other) => (one.pointer < other.pointer ? -1 : 1));
    const lines = sorted.map((fault) => `${fault.pointer || "document"}: ${fault.message}`);
    super(`invalid ${what}: ${lines.length === 1 ? lines[0] : [`${lines.length} faults`, ...lines].join("\n  ")}`);
    this.faults = sorted;
  }
}

/** Frames of AG-UI from and to the events of one contract. */
export class AgUiCodec<Event extends EventBase> {
  readonly #table: AgUiTable;
  readonly #contract: Contract<Event>;

  constructor(table: AgUiTableData, contract: Contract<Event>) {
    this.#table = new AgUiTable(table);
    this.#contract = contract;
  }

  /**
   * The event of a frame. Members that this version does not know are kept in `source.unknown`, and a frame that is no
   * event of this version is kept whole in a raw event.
   *
   * @throws InvalidAgUiError when `strict`, for everything that AG-UI's closed schema rejects.
   */
  fromAgUi(frame: unknown, context: AgUiContext, { strict = false }: ReadOptions = {}): Event {
    const judged = this.#judge(frame, context);
    if (strict && judged.faults.length > 0) throw new InvalidAgUiError(judged.faults, "AG-UI event");
    return judged.event ?? this.#own(this.#table.kept(frame, context));
  }

  /** The frame of an event: what was a frame comes back as the same JSON value, and our own travel as CUSTOM. */
  toAgUi(event: Event | UnknownEvent): AgUiFrame {
    return this.#table.frame(event as unknown as Record<string, unknown>);
  }

  /**
   * A RunAgentInput in the contract's names, as the payload of a run's start keeps it.
   *
   * @throws InvalidAgUiError
   */
  readInput(body: unknown): unknown {
    if (!isObject(body)) throw new InvalidAgUiError([notAnObject(body)], "RunAgentInput");
    const frame = { type: "RUN_STARTED", threadId: "", runId: "", input: body };
    const { event, faults } = this.#judge(frame, { session_id: "input" });
    if (faults.length > 0) {
      const inside = faults.map((fault) => ({ ...fault, pointer: fault.pointer.replace(/^\/input/, "") }));
      throw new InvalidAgUiError(inside, "RunAgentInput");
    }
    return (event as unknown as { payload: { input: unknown } }).payload.input;
  }

  /** The event when this version has one, and all that AG-UI has against the frame. */
  #judge(frame: unknown, context: AgUiContext): { event?: Event; faults: readonly AgUiFault[] } {
    if (!isObject(frame)) return { faults: [notAnObject(frame)] };
    let { event, faults } = this.#table.event(frame, context);
    let verdict = this.#contract.read(stamped(event), { strict: true });
    if (verdict.verdict === "invalid" && this.#table.isOurs(frame)) {
      // What only looks like one of our own events is what it says: a custom event of somebody else's.
      ({ event, faults } = this.#table.event(frame, context, false));
      verdict = this.#contract.read(stamped(event), { strict: true });
    }
    if (verdict.verdict === "invalid") {
      const told = new Set(faults.map((fault) => fault.pointer));
      const more = verdict.faults.map((fault) => this.#table.fault(event, fault));
      return { faults: [...faults, ...more.filter((fault) => !told.has(fault.pointer))] };
    }
    // Unknown members are no obstacle to a tolerant reader, everything else that the table sees is.
    const unfit = faults.some((fault) => fault.code !== "extra");
    return unfit ? { faults } : { event: verdict.event as Event, faults };
  }

  #own(event: Record<string, unknown>): Event {
    return this.#contract.parse(stamped(event), { strict: true }) as Event;
  }
}

function stamped(event: Record<string, unknown>): Record<string, unknown> {
  return { event_id: newEventId(), timestamp: newTimestamp(), ...event };
}

function notAnObject(value: unknown): AgUiFault {
  return { pointer: "", code: "type", message: `${quote(value)} is not an object` };
}
