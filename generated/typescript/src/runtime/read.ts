/** The verdict on a document: known, unknown or invalid. */

import type { Check, Report } from "./check.ts";
import { toDocument } from "./document.ts";
import { type Fault, InvalidEventError } from "./fault.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";
import { json } from "./leaf.ts";
import type { Table } from "./table.ts";

/** An event of a type that this version of the contract does not know, kept as it came. */
export interface UnknownEvent {
  readonly event_id: string;
  readonly session_id: string;
  readonly timestamp: string;
  /**
   * The name of the type, as it came. It is declared as a text that no known type equals, so that a comparison with one
   * narrows to that event alone (a branded string would not let TypeScript narrow).
   */
  readonly type: `unknown ${string}`;
  readonly payload: JsonObject;
  readonly [member: string]: JsonValue;
}

export interface ReadOptions {
  /** For producers: unknown types and unknown members are faults. Default: false. */
  readonly strict?: boolean;
}

export type Verdict<Known> =
  | {
      readonly verdict: "known";
      readonly event: Known;
      /** Pointers of the members that this version does not know and that were removed. */
      readonly ignored: readonly string[];
    }
  | { readonly verdict: "unknown"; readonly event: UnknownEvent }
  | { readonly verdict: "invalid"; readonly faults: readonly Fault[]; readonly type?: string };

const NONE: readonly string[] = [];

/** Judge text, bytes or a value. Nothing is thrown, and a value that is handed in is left as it is. */
export function read<Known>(table: Table, input: unknown, options: ReadOptions = {}): Verdict<Known> {
  const strict = options.strict ?? false;
  let document: unknown;
  try {
    document = toDocument(input);
  } catch (error) {
    if (error instanceof InvalidEventError) return { verdict: "invalid", faults: error.faults };
    throw error;
  }
  // Nearly every event ends here: one pass that builds nothing.
  if (table.event.accepts(document)) return { verdict: "known", event: document as Known, ignored: NONE };
  const type = typeOf(document);
  if (!strict && type !== undefined && !table.events.has(type)) return readUnknown(table, document);
  const { faults, extras } = inspect(table.event, document);
  if (faults.length > 0 || (strict && extras.length > 0)) {
    const found = strict ? [...faults, ...extras.map((extra) => extra.fault)] : faults;
    return { verdict: "invalid", faults: sorted(found), ...(type !== undefined && table.events.has(type) && { type }) };
  }
  for (const { owner, name } of extras) delete owner[name];
  return { verdict: "known", event: document as Known, ignored: extras.map((extra) => extra.fault.pointer).sort() };
}

function readUnknown(table: Table, document: unknown): Verdict<never> {
  const { faults, extras } = inspect(table.unknown, document);
  // Nothing is removed, so that members which nobody declared have to be JSON as well.
  const report = reporter(faults, extras);
  for (const { owner, name, fault } of extras) {
    if (!json.accepts(owner[name])) json.tell(owner[name], fault.pointer, report);
  }
  if (faults.length > 0) return { verdict: "invalid", faults: sorted(faults) };
  return { verdict: "unknown", event: document as UnknownEvent };
}

function typeOf(document: unknown): string | undefined {
  const type = isObject(document) && Object.hasOwn(document, "type") ? (document as { type: unknown }).type : undefined;
  return typeof type === "string" ? type : undefined;
}

interface Extra {
  readonly fault: Fault;
  readonly owner: Record<string, unknown>;
  readonly name: string;
}

function inspect(check: Check, document: unknown): { faults: Fault[]; extras: Extra[] } {
  const faults: Fault[] = [];
  const extras: Extra[] = [];
  if (!check.accepts(document)) check.tell(document, "", reporter(faults, extras));
  return { faults, extras };
}

function reporter(faults: Fault[], extras: Extra[]): Report {
  return {
    fault: (pointer, code, message) => faults.push({ pointer, code, message }),
    extra: (pointer, owner, name, message) => extras.push({ fault: { pointer, code: "extra", message }, owner, name }),
  };
}

function sorted(faults: readonly Fault[]): readonly Fault[] {
  return [...faults].sort((one, other) => (one.pointer < other.pointer ? -1 : 1));
}
