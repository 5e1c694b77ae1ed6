/** The generated table of AG-UI events at work: pure, and without judging what the contract judges. */

import { type AgUiField, type AgUiShape, AgUiShapes, Extras, inverted, restore, stepsOf } from "./ag-ui-shapes.ts";
import { below } from "./check.ts";
import type { Fault, FaultCode } from "./fault.ts";
import { isObject } from "./json.ts";
import { quote } from "./words.ts";

type Values = Record<string, unknown>;

/** One AG-UI event. */
export interface AgUiFrame {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** What a frame does not say itself. */
export interface AgUiContext {
  /** The session that the event belongs to. */
  readonly session_id: string;
  /** The run that the frame came in. */
  readonly run_id?: string;
  /** Who runs. */
  readonly agent?: string;
}

/** What is wrong at one place of a frame; the pointer is in AG-UI's names. */
export interface AgUiFault {
  readonly pointer: string;
  readonly code: FaultCode;
  readonly message: string;
}

export interface AgUiRule {
  readonly event: string;
  readonly custom: boolean;
  readonly const: Readonly<Record<string, string>>;
  readonly envelope: Readonly<Record<string, string>>;
  readonly attributes: readonly string[];
  readonly payload: Readonly<Record<string, AgUiField>>;
  readonly derive: Readonly<Record<string, string>>;
}

/** What is generated. */
export interface AgUiTableData {
  readonly raw: string;
  readonly events: Readonly<Record<string, AgUiRule>>;
  readonly shapes: Readonly<Record<string, AgUiShape>>;
}

/** What `source.protocol` says of an event that was an AG-UI frame. */
const PROTOCOL = "ag-ui";
/** The key of `source.unknown` that marks a frame kept whole in a raw event. */
const UNKNOWN_TYPE = "/type";
const CUSTOM = "CUSTOM";

type Holder = "event" | "payload" | "source";
interface Member {
  readonly holder: Holder;
  readonly name: string;
  readonly shape: string | null;
}

/** Members that every frame may have. */
const COMMON: ReadonlyMap<string, Member> = new Map([
  ["timestamp", { holder: "source", name: "timestamp", shape: null }],
  ["rawEvent", { holder: "event", name: "raw_event", shape: null }],
  ["metadata", { holder: "event", name: "metadata", shape: null }],
]);

interface Known extends AgUiRule {
  readonly type: string;
  readonly out: ReadonlyMap<string, AgUiField>;
  readonly members: ReadonlyMap<string, Member>;
}

/** Which frame is which event, member by member. */
export class AgUiTable {
  readonly #raw: string;
  readonly #shapes: AgUiShapes;
  readonly #byType = new Map<string, Known>();
  readonly #byEvent = new Map<string, Known>();
  readonly #byName = new Map<string, Known>();

  constructor(table: AgUiTableData) {
    this.#raw = table.raw;
    this.#shapes = new AgUiShapes(table.shapes);
    for (const [type, rule] of Object.entries(table.events)) {
      const out = new Map(Object.entries(rule.payload));
      const known = { ...rule, type, out, members: membersOf(rule, out) };
      this.#byType.set(type, known);
      if (rule.custom) this.#byName.set(rule.const["name"] ?? "", known);
      else this.#byEvent.set(rule.event, known);
    }
  }

  /** The frame of an event. An event that was a frame gives the same JSON value again. */
  frame(event: Values): AgUiFrame {
    const source = objectOf(event["source"]);
    const unknown = objectOf(source["unknown"]);
    const payload = objectOf(event["payload"]);
    const type = String(event["type"]);
    const whole = payload["event"];
    if (type === this.#raw && Object.hasOwn(unknown, UNKNOWN_TYPE) && isObject(whole)) return whole as AgUiFrame;
    const rule = this.#byType.get(type) ?? carried(type);
    const frame: Values & { type: string } = { type: rule.event, ...rule.const };
    if (rule.custom) frame["value"] = payload;
    for (const [snake, camel] of Object.entries(rule.envelope)) {
      if (Object.hasOwn(event, snake)) frame[camel] = event[snake];
    }
    for (const [name, value] of Object.entries(payload)) {
      const field = rule.out.get(name);
      if (field !== undefined) frame[field[0]] = this.#shapes.outward(value, field[1]);
    }
    for (const [snake, origin] of Object.entries(rule.derive)) {
      const camel = rule.out.get(snake)?.[0];
      if (camel !== undefined && !Object.hasOwn(frame, camel)) frame[camel] = event[origin];
    }
    addCommon(frame, event, source);
    for (const [pointer, value] of Object.entries(unknown)) restore(frame, pointer, value);
    return frame;
  }

  /** Whether a custom event has the name of one of our own. */
  isOurs(frame: Values): boolean {
    return frame["type"] === CUSTOM && this.#byName.has(String(frame["name"]));
  }

  /**
   * The unstamped event of a frame, and the faults that only the table can see; unknown members are among them.
   * Without `ours` a custom event stays one, whatever its name.
   */
  event(frame: Values, context: AgUiContext, ours = true): { event: Values; faults: AgUiFault[] } {
    const type = typeof frame["type"] === "string" ? frame["type"] : "";
    const rule = ours && this.isOurs(frame) ? this.#byName.get(String(frame["name"])) : this.#byEvent.get(type);
    if (rule === undefined) return { event: this.kept(frame, context), faults: [typeFault(frame)] };
    const source: Values = { protocol: PROTOCOL };
    const payload: Values = {};
    const event: Values = { session_id: context.session_id, type: rule.type };
    attribute(event, context, rule.attributes);
    Object.assign(event, { payload, source });
    const holders = { event, payload, source };
    const extras = new Extras();
    for (const [name, value] of Object.entries(frame)) {
      const member = rule.members.get(name) ?? COMMON.get(name);
      if (member !== undefined) {
        holders[member.holder][member.name] = this.#shapes.inward(value, member.shape, `/${name}`, extras);
      } else if (rule.custom && name === "value") {
        event["payload"] = value;
      } else if (name !== "type" && !Object.hasOwn(rule.const, name)) {
        extras.add(below("", name), value);
      }
    }
    const faults = [...constFaults(frame, rule.const), ...derive(frame, event, payload, rule)];
    if (Object.keys(extras.kept).length > 0) source["unknown"] = extras.kept;
    for (const pointer of extras.refused) {
      faults.push({ pointer, code: "extra", message: `${quote(stepsOf(pointer).at(-1))} is not a member here` });
    }
    return { event, faults };
  }

  /** A raw event that keeps a frame whole: its type, or its shape, is of no event of this version. */
  kept(frame: unknown, context: AgUiContext): Values {
    const type = isObject(frame) && Object.hasOwn(frame, "type") ? frame["type"] : null;
    const event: Values = { session_id: context.session_id, type: this.#raw };
    attribute(event, context, ["run_id", "agent"]);
    const source = { protocol: PROTOCOL, unknown: { [UNKNOWN_TYPE]: type } };
    return { ...event, payload: { event: frame }, source };
  }

  /** A fault of an event, told as one of its frame. */
  fault(event: Values, fault: Fault): AgUiFault {
    const steps = stepsOf(fault.pointer);
    const names = this.#names(steps, event);
    const [last, named] = [steps.at(-1), names.at(-1)];
    const known = last !== undefined && named !== undefined;
    const message = known ? fault.message.replace(quote(last), () => quote(named)) : fault.message;
    return { pointer: names.reduce((pointer, name) => below(pointer, name), ""), code: fault.code, message };
  }

  #names(steps: readonly string[], event: Values): string[] {
    const rule = this.#byType.get(String(event["type"]));
    const [first, second, ...rest] = steps;
    if (first === "source") return steps.slice(1);
    if (first === "payload" && rule?.custom) return ["value", ...steps.slice(1)];
    if (first === "payload" && second !== undefined) {
      const [camel, shape] = rule?.out.get(second) ?? [second, null];
      return [camel, ...this.#shapes.inAgUi(rest, objectOf(event["payload"])[second], shape)];
    }
    const outer: Record<string, string> = { ...rule?.envelope, raw_event: "rawEvent" };
    return first === undefined ? [] : [outer[first] ?? first, ...steps.slice(1)];
  }
}

function membersOf(rule: AgUiRule, out: ReadonlyMap<string, AgUiField>): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  for (const [name, camel] of Object.entries(rule.envelope)) members.set(camel, { holder: "event", name, shape: null });
  for (const [camel, [name, shape]] of inverted(out)) members.set(camel, { holder: "payload", name, shape });
  return members;
}

/** How an event travels that the table does not know: like every event of ours that AG-UI has no type for. */
function carried(type: string): Known {
  const empty = { payload: {}, derive: {}, attributes: [], out: new Map(), members: new Map() };
  const envelope = { subagent_run_id: "subagentRunId" };
  return { type, event: CUSTOM, custom: true, const: { name: `lockstep/${type}` }, envelope, ...empty };
}

function objectOf(value: unknown): Values {
  return isObject(value) ? value : {};
}

function attribute(event: Values, context: AgUiContext, names: readonly string[]): void {
  for (const [name, value] of Object.entries(context)) {
    if (value !== undefined && names.includes(name)) event[name] = value;
  }
}

/** Leave out what the envelope says already; AG-UI requires it all the same. */
function derive(frame: Values, event: Values, payload: Values, rule: Known): AgUiFault[] {
  const faults: AgUiFault[] = [];
  for (const [snake, origin] of Object.entries(rule.derive)) {
    const camel = rule.out.get(snake)?.[0] ?? snake;
    if (!Object.hasOwn(frame, camel)) {
      faults.push({ pointer: `/${camel}`, code: "missing", message: `"${camel}" is missing; expected a string` });
    } else if (frame[camel] === event[origin]) {
      delete payload[snake];
    }
  }
  return faults;
}

function addCommon(frame: Values, event: Values, source: Values): void {
  if (source["protocol"] !== PROTOCOL) {
    if (typeof event["timestamp"] === "string") frame["timestamp"] = Date.parse(event["timestamp"]);
  } else if (Object.hasOwn(source, "timestamp")) {
    frame["timestamp"] = source["timestamp"];
  }
  if (Object.hasOwn(event, "raw_event")) frame["rawEvent"] = event["raw_event"];
  if (Object.hasOwn(event, "metadata")) frame["metadata"] = event["metadata"];
}

function typeFault(frame: Values): AgUiFault {
  if (Object.hasOwn(frame, "type")) {
    return { pointer: "/type", code: "tag", message: `${quote(frame["type"])} is not an event type of AG-UI` };
  }
  return { pointer: "/type", code: "missing", message: '"type" is missing; expected an event type of AG-UI' };
}

function constFaults(frame: Values, expected: Readonly<Record<string, string>>): AgUiFault[] {
  const faults: AgUiFault[] = [];
  for (const [name, value] of Object.entries(expected)) {
    const pointer = `/${name}`;
    if (!Object.hasOwn(frame, name)) {
      faults.push({ pointer, code: "missing", message: `${quote(name)} is missing; expected ${quote(value)}` });
    } else if (frame[name] !== value) {
      faults.push({ pointer, code: "type", message: `${quote(frame[name])} is not ${quote(value)}` });
    }
  }
  return faults;
}
