/** Frames as the server writes them. */

import { eventMaker } from "@agui-lockstep/client/testing";
import type { AgentEvent } from "@agui-lockstep/events";
import type { ScriptedStream } from "./event-server.ts";

export const EPOCH = "e1";

export const event = eventMaker({ session_id: "s1" });

export function delta(text: string, messageId = "m1"): AgentEvent {
  return event("agent_message_delta", { message_id: messageId, delta: text });
}

export function frame(offset: number, data: AgentEvent, epoch = EPOCH): string {
  return `id: ${epoch}.${offset}\nevent: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The first frame of every stream: its id is the cursor after which the stream continues. */
export function started(after: number, latest = after, recovered = true): string {
  const [cursor, newest] = [after, latest].map((offset) => `${EPOCH}.${offset}`) as [string, string];
  const payload = { message: "SSE connection established", recovered, cursor, latest: newest };
  return frame(after, event("session_stream_started", payload));
}

/** Opens the stream and keeps it open. */
export async function openStream(stream: ScriptedStream): Promise<void> {
  stream.begin();
  await stream.write(started(stream.after));
}
