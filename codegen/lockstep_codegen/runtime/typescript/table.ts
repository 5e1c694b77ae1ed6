/** A contract's table: the judge of every known type, and the judge of the rest. */

import type { Check, Members } from "./check.ts";
import { closed, members, type ObjectCheck, open, tagged } from "./composite.ts";
import { jsonObject, text, token } from "./leaf.ts";

export interface Table {
  readonly events: ReadonlyMap<string, ObjectCheck>;
  /** Any event of the contract. */
  readonly event: Check;
  /** An event of a type that is not known here: a valid envelope, any payload, and members that are free. */
  readonly unknown: Check;
}

/** The name of any type, known or not: it has to fit the `event:` line of a stream. */
const TYPE = "^[a-z][a-z0-9_]{0,63}$";

type Events = Record<string, readonly [Check, ...Members[]]>;

/** Every event is its envelope, its payload, and what else it is made of. */
export function table(envelope: Members, events: Events): Table {
  return joined(envelope, judges(envelope, events));
}

/** A contract's table and what another one adds to it. */
export function extend(base: Table, envelope: Members, events: Events): Table {
  return joined(envelope, [...base.events, ...judges(envelope, events)]);
}

type Judges = readonly (readonly [string, ObjectCheck])[];

function judges(envelope: Members, events: Events): Judges {
  return Object.entries(events).map(([type, [payload, ...parts]]) => {
    // Whoever comes here has been found by its type.
    return [type, closed(envelope, ...parts, members({ type: text(), payload }))] as const;
  });
}

function joined(envelope: Members, checks: Judges): Table {
  return {
    events: new Map(checks),
    event: tagged("type", Object.fromEntries(checks)),
    unknown: open(envelope, members({ type: token(TYPE), payload: jsonObject })),
  };
}
