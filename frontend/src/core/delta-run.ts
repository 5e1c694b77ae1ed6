/** Deltas of one text in a row, added up as JSON: to make an event of each takes longer than all else that is done with it. */

import type { AgentEvent } from "@agui-lockstep/events";
import type { Reading } from "./event-log.ts";

/**
 * Captures what deltas of one text have in common: all from the type to the delta, and all behind it. Braces before the payload
 * would mean that the type is not the event's own.
 */
const DELTA_EVENT =
  /^\{[^{}]*?("type":"(?:agent_message|reasoning_message|tool_call_args)_delta",(?:[^{}]*,)?"payload":\{"(?:message|tool_call)_id":"[^"\\]*","delta":")(?:[^"\\]|\\.)*("\}.*)$/;
/** Another member begins: within a string the quotation mark would be escaped. */
const MEMBER = ',"';

export interface DeltaRun {
  /** Whether this event goes on with it. */
  add(reading: Reading<AgentEvent>): boolean;
  /** All of them as one event, how many they are, and when the last one was. */
  total(): [event: AgentEvent, count: number, timestamp: string];
}

/** Undefined for anything but a delta that is still text. */
export function startRun(first: Reading<AgentEvent>): DeltaRun | undefined {
  const { text: opening = "" } = first;
  const [, head = "", tail = ""] = DELTA_EVENT.exec(opening) ?? [];
  if (!head) return undefined;
  const from = opening.indexOf(head);
  let last = first;
  let count = 0;
  let delta = "";

  function add(reading: Reading<AgentEvent>): boolean {
    const { text } = reading;
    if (!text?.startsWith(head, from) || !text.endsWith(tail)) return false;
    const piece = text.slice(from + head.length, -tail.length);
    if (piece.includes(MEMBER)) return false;
    delta += piece;
    count++;
    last = reading;
    return true;
  }

  function total(): [AgentEvent, number, string] {
    const { event } = first;
    const payload = { ...event.payload, delta: JSON.parse(`"${delta}"`) };
    return [{ ...event, payload } as AgentEvent, count, last.event.timestamp];
  }

  add(first);
  return { add, total };
}
