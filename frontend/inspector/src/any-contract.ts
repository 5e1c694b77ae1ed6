/** The judge of an inspector that looks at servers of any contract. */

import type { EventContract } from "@agui-lockstep/client";
import { type AgentEvent, readEvent, SCHEMA_DIGEST } from "@agui-lockstep/events";

/** Sessions whose server has said that it speaks another contract than this page. */
const foreign = new Set<string>();

/**
 * As the contract of this page, but what a server of another contract sends under a type unknown here is an event as
 * any other: that server has judged it. The first frame of every stream says which contract it is.
 */
export const anyContract: EventContract = {
  read(input, options) {
    const read = readEvent(input, options);
    if (read.verdict === "known" && read.event.type === "session_stream_started") {
      const { session_id: session, payload } = read.event;
      const digest = payload.contract_digest;
      if (digest === undefined || digest === SCHEMA_DIGEST) foreign.delete(session);
      else foreign.add(session);
    }
    if (read.verdict !== "unknown" || !foreign.has(read.event.session_id)) return read;
    // The fold takes what it does not know for a moment of the session, and shows it whole.
    return { verdict: "known", event: read.event as unknown as AgentEvent, ignored: [] };
  },
};
