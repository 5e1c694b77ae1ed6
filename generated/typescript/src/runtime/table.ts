/** A contract's table: the judge of every known type, and the judge of the rest. */

import type { Check } from "./check.ts";
import { type Members, members, type ObjectCheck, open, tagged } from "./composite.ts";
import { jsonObject, text } from "./leaf.ts";

export interface Table {
  readonly events: ReadonlyMap<string, ObjectCheck>;
  /** Any event of the contract. */
  readonly event: Check;
  /** An event of a type that is not known here: a valid envelope, any payload, and members that are free. */
  readonly unknown: Check;
}

/** The name of any type, known or not: it has to fit the `event:` line of a stream. */
const TYPE = "^[a-z][a-z0-9_]{0,63}$";

export function table(events: Record<string, ObjectCheck>, ...envelope: readonly Members[]): Table {
  const unknown = members({ type: text(0, Infinity, TYPE), payload: jsonObject });
  return {
    events: new Map(Object.entries(events)),
    event: tagged("type", events),
    unknown: open(...envelope, unknown),
  };
}
