/** Frames as the server writes them. */

import type { AgentEvent, EventOf, EventType } from "@agui-lockstep/events";

export const EPOCH = "e1";

let made = 0;

/** An event with a canonical envelope; `at` is milliseconds after noon. */
export function event<Type extends EventType>(
  type: Type,
  payload: EventOf<Type>["payload"],
  envelope: { readonly at?: number; readonly [key: string]: unknown } = {},
): EventOf<Type> {
  const { at = made, ...rest } = envelope;
  const event_id = `019ab000-0000-7000-8000-${String(++made).padStart(12, "0")}`;
  const timestamp = new Date(Date.UTC(2026, 10, 23, 12) + at).toISOString();
  return { event_id, session_id: "s1", timestamp, type, payload, ...rest } as unknown as EventOf<Type>;
}

export function delta(text: string, messageId = "m1"): AgentEvent {
  return event("agent_message_delta", { message_id: messageId, delta: text });
}

export function frame(offset: number, data: AgentEvent, epoch = EPOCH): string {
  return `id: ${epoch}.${offset}\nevent: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The first frame of every stream: its id is the cursor after which the stream continues. */
export function started(after: number, latest = after, recovered = true): string {
  const payload = {
    message: "SSE connection established",
    recovered,
    cursor: `${EPOCH}.${after}`,
    latest: `${EPOCH}.${latest}`,
  };
  return frame(after, event("session_stream_started", payload));
}
