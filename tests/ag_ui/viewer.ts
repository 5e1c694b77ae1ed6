/**
 * The official AG-UI clients as judges: each case is one stream, and what they make of it.
 *
 * One JSON `{body, client, messages, state}` a line goes in, where `body` is the text of a server's answer; one JSON line comes
 * out for each, with the error (when the run was rejected), the messages, the state and the types seen.
 */

import { createInterface } from "node:readline";
import { HttpAgent } from "@ag-ui/client";
import { HttpAgent as OldHttpAgent } from "@ag-ui/client-0.0";

interface Case {
  readonly body: string;
  readonly client: "1.0" | "0.0";
  readonly messages: never[];
  readonly state: unknown;
}

// Warnings are not verdicts.
console.warn = console.error = console.debug = () => {};
process.env["SUPPRESS_TRANSFORMATION_WARNINGS"] = "true";
process.on("unhandledRejection", () => {});

async function view({ body, client, messages, state }: Case): Promise<object> {
  globalThis.fetch = async () => new Response(body, { headers: { "content-type": "text/event-stream" } });
  const Agent = client === "1.0" ? HttpAgent : (OldHttpAgent as unknown as typeof HttpAgent);
  const agent = new Agent({
    url: "http://viewer/",
    threadId: "thread-1",
    initialMessages: messages,
    initialState: state,
  });
  const types: string[] = [];
  let error: string | null = null;
  try {
    await agent.runAgent({ runId: "run-1" }, { onEvent: ({ event }) => void types.push(event.type) });
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  return { error, messages: agent.messages, state: agent.state, types };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await view(JSON.parse(line)))}\n`);
}
