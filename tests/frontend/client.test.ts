import { type AgentEventsClient, type AgentEventsOptions, createClient } from "@agui-lockstep/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EventServer, type ScriptedStream } from "./support/event-server.ts";
import { delta, event, frame, started } from "./support/frames.ts";
import { until } from "./support/until.ts";

let server: EventServer;
const clients: AgentEventsClient[] = [];

beforeEach(async () => {
  server = await EventServer.start();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.close();
});

function follow(options: AgentEventsOptions = {}): AgentEventsClient {
  const client = createClient("s1", { baseUrl: server.url, retry: { baseMs: 5, maxMs: 20 }, ...options });
  clients.push(client);
  client.open();
  return client;
}

function textOf(client: AgentEventsClient): string {
  return client
    .getSnapshot()
    .events.map((each) => (each.type === "agent_message_delta" ? each.payload.delta : "?"))
    .join("");
}

/** Sends letters from the cursor on, and cuts the socket after each of `cuts`. */
function letters(text: string, cuts: readonly number[] = []) {
  const left = [...cuts];
  return async (stream: ScriptedStream) => {
    stream.begin();
    await stream.write(started(stream.after, text.length));
    const cut = left.shift();
    for (let offset = stream.after + 1; offset <= text.length; offset++) {
      await stream.write(frame(offset, delta(text[offset - 1] as string)));
      if (offset === cut) {
        // The bytes must be on their way before the socket goes.
        await new Promise((resolve) => setTimeout(resolve, 20));
        return stream.cut();
      }
    }
  };
}

test("resumes after a cut with Last-Event-ID: everything, once, in order", async () => {
  server.script("s1", letters("lockstep", [3, 5]));
  const client = follow();
  await until(() => client.getSnapshot().events.length === 8);
  expect(textOf(client)).toBe("lockstep");
  expect(server.of("s1").map((request) => request.after)).toEqual([undefined, "e1.3", "e1.5"]);
  const { stats, connections, status, lastEventId } = client.getSnapshot();
  expect(stats).toMatchObject({ events: 8, duplicates: 0, gaps: 0, connections: 3, missed: 5, recovered: 5 });
  expect(connections.map(({ number, after }) => [number, after])).toEqual([
    [1, undefined],
    [2, "e1.3"],
    [3, "e1.5"],
  ]);
  expect([status, lastEventId]).toEqual(["open", "e1.8"]);
});

test("the cursor of the opening frame is enough to resume", async () => {
  server.script("s1", async (stream) => {
    stream.begin();
    await stream.write(started(7));
    if (stream.attempt === 1) setTimeout(() => stream.cut(), 20);
  });
  const client = follow();
  await until(() => client.getSnapshot().stats.connections === 2);
  expect(server.of("s1")[1]?.after).toBe("e1.7");
});

test("drops what it already has", async () => {
  server.script("s1", async (stream) => {
    stream.begin();
    await stream.write([1, 2, 2, 1, 3].map((offset) => frame(offset, delta(`${offset}`))).join(""));
  });
  const client = follow();
  await until(() => client.getSnapshot().events.length === 3);
  expect(textOf(client)).toBe("123");
  expect(client.getSnapshot().stats.duplicates).toBe(2);
});

test("asks once for skipped offsets, then says that they are missing", async () => {
  server.script("s1", async (stream) => {
    stream.begin();
    await stream.write(
      [1, 4, 5]
        .filter((offset) => offset > stream.after)
        .map((offset) => frame(offset, delta(`${offset}`)))
        .join(""),
    );
  });
  const client = follow();
  await until(() => client.getSnapshot().events.length === 3);
  expect(server.of("s1").map((request) => request.after)).toEqual([undefined, "e1.1"]);
  expect(client.getSnapshot().gaps).toMatchObject([{ reason: "not_delivered", after: "e1.1", resumesAt: "e1.4" }]);
});

test("shows the gap that the server announces and goes on after it", async () => {
  server.script("s1", async (stream) => {
    stream.begin();
    await stream.write(frame(1, delta("1")));
    const gap = event("session_stream_gap", { reason: "trimmed", after: "e1.1", resumes_at: "e1.6", missed: 5 });
    await stream.write(frame(6, gap) + frame(7, delta("7")));
  });
  const client = follow();
  await until(() => client.getSnapshot().events.length === 2);
  expect(client.getSnapshot().gaps).toMatchObject([{ reason: "trimmed", resumesAt: "e1.6", missed: 5 }]);
  expect(server.of("s1")).toHaveLength(1);
});

test("a log that goes on in a new epoch, as after a restart of Redis, has no gap", async () => {
  server.script("s1", async (stream) => {
    stream.begin();
    const payload = { message: "SSE connection established", recovered: false, cursor: "e2.0", latest: "e2.2" };
    const opening = frame(0, event("session_stream_started", payload), "e2");
    await stream.write(opening + frame(1, delta("old")) + frame(2, delta("new"), "e2"));
  });
  const client = follow();
  await until(() => client.getSnapshot().events.length === 2);
  expect(client.getSnapshot()).toMatchObject({ lastEventId: "e2.2", gaps: [] });
});

test("a new epoch is shown as a gap, and its offsets start again", async () => {
  server.script("s1", async (stream) => {
    stream.begin();
    await stream.write(frame(9, delta("old")) + frame(1, delta("new"), "e2"));
  });
  const client = follow();
  await until(() => client.getSnapshot().events.length === 2);
  expect(client.getSnapshot()).toMatchObject({
    lastEventId: "e2.1",
    gaps: [{ reason: "log_replaced", after: "e1.9" }],
  });
});

test("bad frames go to the quarantine and the stream lives on", async () => {
  server.script("s1", async (stream) => {
    stream.begin();
    const alien = { ...delta("?"), type: "teleported" };
    await stream.write(`${frame(1, delta("a"))}id: e1.2\ndata: {"broken\n\n`);
    await stream.write(`id: e1.3\nevent: teleported\ndata: ${JSON.stringify(alien)}\n\n${frame(4, delta("b"))}`);
  });
  const client = follow();
  await until(() => client.getSnapshot().events.length === 2);
  const { quarantine, stats } = client.getSnapshot();
  expect(quarantine.map(({ kind, id }) => [kind, id])).toEqual([
    ["invalid", "e1.2"],
    ["unknown", "e1.3"],
  ]);
  expect(quarantine[0]?.text).toBe('{"broken');
  expect(stats).toMatchObject({ invalid: 1, unknown: 1, gaps: 0 });
});

test("401 stops, says why and does not try again", async () => {
  server.script("s1", (stream) => stream.refuse(401, { title: "Unauthorized", detail: "the token has expired" }));
  const client = follow();
  await until(() => client.getSnapshot().status === "failed");
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(client.getSnapshot().error).toMatchObject({
    code: "http",
    status: 401,
    message: "HTTP 401: the token has expired",
  });
  expect(server.of("s1")).toHaveLength(1);
});

test("something else than an event stream stops too", async () => {
  server.script("s1", (stream) => void stream.response.writeHead(200, { "content-type": "text/html" }).end("<p>login"));
  const client = follow();
  await until(() => client.getSnapshot().status === "failed");
  expect(client.getSnapshot().error?.message).toContain('got "text/html"');
});

test("503 backs off, and gives up where it is told to", async () => {
  server.script("s1", (stream) => stream.refuse(503));
  const client = follow({ retry: { baseMs: 1, maxMs: 4, attempts: 4 } });
  await until(() => client.getSnapshot().status === "failed");
  expect(server.of("s1")).toHaveLength(5);
});

test("accept-then-drop counts as failure: only a new event resets the backoff", async () => {
  server.script("s1", async (stream) => {
    stream.begin();
    await stream.write(started(0));
    stream.response.end();
  });
  const client = follow({ retry: { baseMs: 1, maxMs: 2, attempts: 3 } });
  await until(() => client.getSnapshot().status === "failed");
  expect(server.of("s1")).toHaveLength(4);
});

test("204 ends the stream for good", async () => {
  server.script("s1", (stream) => void stream.response.writeHead(204).end());
  const client = follow();
  await until(() => client.getSnapshot().status === "done");
  expect(server.of("s1")).toHaveLength(1);
});

test("reads the headers again before every attempt", async () => {
  server.script("s1", letters("ab", [1]));
  let token = 0;
  const client = follow({ headers: async () => ({ authorization: `Bearer ${++token}` }) });
  await until(() => client.getSnapshot().events.length === 2);
  expect(server.of("s1").map((request) => request.authorization)).toEqual(["Bearer 1", "Bearer 2"]);
});

test("a silent connection is dead; a heartbeat keeps it alive", async () => {
  server.script("s1", async (stream) => {
    stream.begin();
    if (stream.attempt === 1) return;
    const beat = setInterval(() => (stream.open ? void stream.write(": beat\n\n") : clearInterval(beat)), 20);
  });
  const client = follow({ idleTimeoutMs: 80 });
  await until(() => client.getSnapshot().connections.length === 2);
  expect(client.getSnapshot().connections[0]?.reason).toBe("nothing arrived for 80 ms");
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(client.getSnapshot()).toMatchObject({ status: "open", stats: { connections: 2 } });
});

test("an announced end is no error", async () => {
  server.script("s1", async (stream) => {
    stream.begin();
    if (stream.attempt > 1) return;
    await stream.write(`retry: 1\n\n${frame(1, delta("a"))}`);
    await stream.write(frame(1, event("session_stream_closing", { reason: "shutdown" })));
    stream.response.end();
  });
  const client = follow();
  const errors: unknown[] = [];
  client.subscribe(() => errors.push(client.getSnapshot().error));
  await until(() => client.getSnapshot().stats.connections === 2);
  expect(errors.every((error) => error === null)).toBe(true);
  expect(client.getSnapshot().connections[0]?.reason).toBe("the server is closing");
});

test("closing leaves nothing open, whatever it was doing", async () => {
  server.script("s1", letters("abc"));
  const client = follow();
  await until(() => server.live("s1") === 1);
  client.close();
  await until(() => server.live("s1") === 0);
  expect(client.getSnapshot().status).toBe("idle");
});

test("snapshots stay what they were, and change only at a flush", async () => {
  let next = () => {};
  server.script("s1", async (stream) => {
    stream.begin();
    await stream.write(frame(1, delta("a")));
    next = () => void stream.write(frame(2, delta("b")));
  });
  const client = follow();
  await until(() => client.getSnapshot().events.length === 1);
  // The first look asks for the fold.
  await until(() => client.getSnapshot().messages.length === 1);
  const before = client.getSnapshot();
  next();
  await until(() => client.getSnapshot().events.length === 2);
  expect(before.events).toHaveLength(1);
  expect(before.messages[0]?.text).toBe("a");
  expect(client.getSnapshot().messages[0]?.text).toBe("ab");
  expect(client.getSnapshot().toolCalls).toBe(before.toolCalls);
});

test("keeps the newest events in bounded memory", async () => {
  server.script("s1", async (stream) => {
    stream.begin();
    for (let from = 1; from <= 10_000; from += 500) {
      await stream.write(Array.from({ length: 500 }, (_, step) => frame(from + step, delta("x"))).join(""));
    }
  });
  const client = follow({ maxEvents: 2000 });
  await until(() => client.getSnapshot().stats.events === 10_000);
  const { events, stats, messages } = client.getSnapshot();
  expect(events.length).toBeLessThan(2000 + 1024);
  expect(stats.evicted + events.length).toBe(10_000);
  expect(messages[0]?.text).toHaveLength(10_000);
});
