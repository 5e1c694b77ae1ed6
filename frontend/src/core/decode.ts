/** One frame's text becomes an event, or a reason why not. */

import { type AgentEvent, EVENT_TYPES } from "@agui-lockstep/events";

export type Decoded =
  | { readonly kind: "event"; readonly event: AgentEvent }
  | { readonly kind: "unknown" | "invalid"; readonly faults: readonly string[] };

export type Decoder = (text: string) => Decoded;

const known = new Set<string>(EVENT_TYPES);
export function decodeEvent(text: string): Decoded {
  try {
    const event = JSON.parse(text);
    return known.has(event.type) ? { kind: "event", event } : { kind: "unknown", faults: ["/type"] };
  } catch (error) {
    return { kind: "invalid", faults: [String(error)] };
  }
}
