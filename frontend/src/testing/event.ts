/** Events for tests, with an envelope that is the same in every run. */

import type { EventOf, EventType } from "@agui-lockstep/events";

export interface TestEnvelope {
  readonly session_id?: string;
  readonly run_id?: string;
  readonly agent?: string;
  readonly subagent_run_id?: string;
  /** Milliseconds after noon of the first of January 2026. Default: one more for every event made. */
  readonly at?: number;
}

export type MakeEvent = <Type extends EventType>(
  type: Type,
  payload: EventOf<Type>["payload"],
  envelope?: TestEnvelope,
) => EventOf<Type>;

/** A maker whose ids and times begin again, so that tests do not depend on each other. */
export function eventMaker(defaults: TestEnvelope = {}): MakeEvent {
  let made = 0;
  return (type, payload, envelope = {}) => {
    made++;
    const { at = made, session_id = "session-1", ...rest } = { ...defaults, ...envelope };
    const event_id = `019b7796-0000-7000-8000-${String(made).padStart(12, "0")}`;
    const timestamp = new Date(Date.UTC(2026, 0, 1, 12) + at).toISOString();
    return { event_id, session_id, timestamp, type, payload, ...rest } as unknown as EventOf<typeof type>;
  };
}
