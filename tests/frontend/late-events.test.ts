/** An event is only made of its text when somebody reads it; whoever does must not notice. */

import { type AgentEventsClient, createClient } from "@agui-lockstep/client";
import { type AgentEvent, parseEvent } from "@agui-lockstep/events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EventServer, type ScriptedStream } from "./support/event-server.ts";
import { delta, frame } from "./support/frames.ts";
import { until } from "./support/until.ts";

let server: EventServer;
let client: AgentEventsClient;

beforeEach(async () => {
  server = await EventServer.start();
  server.script("s1", hundreds);
  client = createClient("s1", { baseUrl: server.url });
});

afterEach(async () => {
  client.close();
  await server.close();
});

/** More than it takes for the client to know what they look like. */
function hundreds(stream: ScriptedStream): Promise<void> {
  stream.begin();
  return stream.write(Array.from({ length: 500 }, (_, index) => frame(index + 1, delta(`"${index}" `))).join(""));
}

const WORDS = Array.from({ length: 500 }, (_, index) => `"${index}" `);

function wordsOf(client: AgentEventsClient): string[] {
  return client.getSnapshot().events.map((each) => (each.type === "agent_message_delta" ? each.payload.delta : "?"));
}

test("events that are read late are the events that came, and stay the same objects", async () => {
  client.open();
  await until(() => client.getSnapshot().stats.events === 500);
  const before = client.getSnapshot();
  expect(before.events.map((each) => parseEvent(each, { strict: true }))).toEqual(before.events);
  expect(wordsOf(client)).toEqual(WORDS);
  client.warn("a flush");
  await until(() => client.getSnapshot() !== before);
  for (const [index, each] of client.getSnapshot().events.entries()) expect(each).toBe(before.events[index]);
});

test("a listener hears every event, the same object as in the snapshot", async () => {
  const heard: AgentEvent[] = [];
  client.listen((event) => heard.push(event));
  client.open();
  await until(() => client.getSnapshot().stats.events === 500);
  const { events } = client.getSnapshot();
  expect(heard).toHaveLength(500);
  for (const [index, each] of heard.entries()) expect(each).toBe(events[index]);
  expect(wordsOf(client)).toEqual(WORDS);
});
