/** Ten thousand events at once: what a busy agent sends in an hour, in a second. */

import { publish } from "./server.ts";

const SIZE = 10_000;
/** Events per request. */
const BATCH = 500;

/** Publishes one run that writes `SIZE` events; resolves when all are accepted. */
export async function burst(sessionId: string): Promise<void> {
  const stamp = Date.now().toString(36);
  const events: object[] = [event("run_started", {})];
  for (let call = 0; events.length < SIZE - 8; call++) {
    const tool_call_id = `burst-${stamp}-${call}`;
    events.push(event("tool_call_started", { tool_call_id, tool_name: `probe_${call % 7}` }));
    const args = JSON.stringify({ probe: call, hosts: Array.from({ length: 12 }, (_, host) => `web-${host}`) });
    for (let at = 0; at < args.length; at += 8) {
      events.push(event("tool_call_args_delta", { tool_call_id, delta: args.slice(at, at + 8) }));
    }
    events.push(event("tool_call_args_completed", { tool_call_id }));
    events.push(
      event("tool_call_result", {
        message_id: `${tool_call_id}-r`,
        tool_call_id,
        content: "ok",
        status: "success",
        duration_ms: 3,
      }),
    );
  }
  events.push(event("run_completed", { outcome: { type: "success" } }));
  for (let at = 0; at < events.length; at += BATCH) {
    const lines = events.slice(at, at + BATCH).map((each) => JSON.stringify(each));
    await publish(sessionId, lines);
  }

  function event(type: string, payload: object) {
    return { session_id: sessionId, type, run_id: `burst-${stamp}`, agent: "burst", payload };
  }
}
