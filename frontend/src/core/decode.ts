/** One frame's text becomes an event, or a reason why not. */

import { type AgentEvent, type Contract, contract as generated } from "@agui-lockstep/events";

/** What the client needs of a contract; any generated package exports a whole one. */
export type EventContract = Pick<Contract<AgentEvent>, "read">;

export type Decoded =
  | { readonly kind: "event"; readonly event: AgentEvent }
  | { readonly kind: "unknown" | "invalid"; readonly faults: readonly string[] };

/** Tolerant: members that this version does not know are left out, and the event stays. */
export function decode(text: string, contract: EventContract = generated): Decoded {
  const read = contract.read(text);
  switch (read.verdict) {
    case "known":
      return { kind: "event", event: read.event };
    case "unknown":
      return { kind: "unknown", faults: [`this version of the contract has no type "${read.event.type}"`] };
    case "invalid":
      return {
        kind: "invalid",
        faults: read.faults.map(({ pointer, message }) => `${pointer || "document"}: ${message}`),
      };
  }
}
