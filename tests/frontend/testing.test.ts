/** The scripted server that users hand to their own tests: it behaves as the real one does. */

import { createClient } from "@agui-lockstep/client";
import { useAgentEvents } from "@agui-lockstep/client/react";
import { eventMaker, ScriptedServer } from "@agui-lockstep/client/testing";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { until } from "./support/until.ts";

test("sends, cuts, refuses, and is resumed where it stopped", async () => {
  const event = eventMaker();
  const server = new ScriptedServer();
  const client = createClient("session-1", {
    baseUrl: "http://test",
    fetch: server.fetch,
    retry: { baseMs: 1 },
  });
  client.open();
  server.send(event("agent_message_delta", { message_id: "m", delta: "a" }));
  await until(() => client.getSnapshot().events.length === 1);
  server.cut();
  server.send(event("agent_message_delta", { message_id: "m", delta: "b" }));
  await until(() => client.getSnapshot().messages[0]?.text === "ab");
  expect(server.requests.map(({ after }) => after)).toEqual([undefined, "test.1"]);
  server.sendRaw('id: test.3\ndata: {"broken\n\n');
  await until(() => client.getSnapshot().quarantine.length === 1);
  server.refuse(401, "the token has expired");
  server.cut();
  await until(() => client.getSnapshot().status === "failed");
  expect(client.getSnapshot().error?.message).toBe("HTTP 401: the token has expired");
  server.accept();
  client.reconnect();
  await until(() => client.getSnapshot().isConnected);
  client.close();
  await until(() => server.connections === 0);
});

test("events are the same in every run", () => {
  const [first, second] = [eventMaker(), eventMaker()].map((event) => [
    event("run_started", {}, { run_id: "r" }),
    event("run_started", {}, { run_id: "r" }),
  ]);
  expect(first).toEqual(second);
  expect(first?.[0]?.event_id).not.toBe(first?.[1]?.event_id);
});

test("rendering on the server shows the events it was given, and opens nothing", () => {
  const event = eventMaker();
  const server = new ScriptedServer();
  const initialEvents = [event("tool_call_started", { tool_call_id: "t", tool_name: "probe", args: {} })];
  function Tools() {
    const { toolCalls, status } = useAgentEvents("session-1", { initialEvents, fetch: server.fetch });
    return createElement("p", null, `${status}: ${toolCalls.map((call) => call.name).join()}`);
  }
  expect(renderToString(createElement(Tools))).toBe("<p>idle: probe</p>");
  expect(server.requests).toEqual([]);
});
