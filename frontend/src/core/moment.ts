/** What happened at one point in time: errors, retries, transitions, state changes, custom events. */

import type { AgentEvent, EventType } from "@agui-lockstep/events";
import { type Origin, originOf, timeOf } from "./origin.ts";
import type { SessionView } from "./view.ts";

export interface Moment extends Origin {
  readonly id: string;
  readonly type: EventType;
  /** The newest event of the moment. */
  event: AgentEvent;
}

/** Types whose neighbours fold into one moment: a state that changes 60 times a second is one row. */
const RUNNING = new Set<EventType>(["state_delta", "activity_delta", "metrics_updated"]);

/** Keeps an event that no other row shows. */
export function noteMoment(view: SessionView, event: AgentEvent): void {
  const { type, event_id: id } = event;
  const last = view.lastMoment === undefined ? undefined : view.moments.edit(view.lastMoment);
  if (last?.type === type && RUNNING.has(type)) {
    Object.assign(last, { event, endedAt: timeOf(event), events: last.events + 1 });
    return;
  }
  view.lastMoment = id;
  view.moments.put(id, { ...originOf(event, view.order), id, type, event, events: 1 });
}
