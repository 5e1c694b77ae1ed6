/** From the fields that a caller names to an event: identity, time, and each field in its place. */

import { newEventId, newTimestamp } from "./stamp.ts";
import type { Table } from "./table.ts";

/**
 * An event of `type`: fields that its envelope has go there, all others are the payload. What is `bound` fills in where the
 * event has such a member. The schema's linter sees to it that no name is both; a field that is `undefined` counts as absent.
 */
export function compose(table: Table, type: string, fields: object, bound: object): object {
  const known = table.events.get(type)?.members ?? new Map();
  const envelope = (name: string) => known.has(name) && name !== "type" && name !== "payload";
  const event: Record<string, unknown> = {
    event_id: newEventId(),
    session_id: undefined,
    timestamp: newTimestamp(),
    type,
  };
  const payload: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(bound)) if (envelope(name)) event[name] = value;
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) (envelope(name) ? event : payload)[name] = value;
  }
  return { ...event, payload };
}
