import { randomUUID } from "node:crypto";
import type { Message } from "@ag-ui/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LockstepAgent, type LockstepAgentConfig } from "../../frontend/src/ag-ui/index.ts";
import { AgUiServer } from "./support/ag-ui-server.ts";

let server: AgUiServer;
beforeAll(async () => {
  server = await AgUiServer.start();
}, 60_000);
afterAll(() => server?.stop());

function agent(config: Partial<LockstepAgentConfig> = {}): LockstepAgent {
  const threadId = `t-${randomUUID()}`;
  return new LockstepAgent({ url: `${server.url}/ag-ui/talk`, threadId, pause: 10, ...config });
}

function asked(id = "u1"): Message {
  return { id, role: "user", content: "talk" };
}

/** Answers that break off after so many bytes, each one. */
function breaking(bytes: number, log: string[] = []): typeof fetch {
  return async (url, init) => {
    log.push(`${init?.method} ${new Headers(init?.headers).get("last-event-id") ?? ""}`);
    const response = await fetch(url, init);
    const reader = response.body?.getReader();
    if (!response.ok || reader === undefined || init?.method === "POST cancel") return response;
    let left = bytes;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        controller.enqueue(value.subarray(0, left));
        left -= value.length;
        if (left <= 0) {
          await reader.cancel();
          controller.error(new TypeError("network error"));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

const SAID = ["word0 word1 word2 word3 word4 ", "seen"];

describe("a run", () => {
  test("goes through as with the official client", async () => {
    const own = agent({ initialMessages: [asked()] });
    const { newMessages } = await own.runAgent({ runId: "r1" });
    expect(newMessages.map((message) => message.content)).toEqual(SAID);
    expect(own.state).toEqual({ runs: ["r1", "more"] });
  });

  test.each([600, 900, 1_300])("survives sockets that break after %i bytes", async (bytes) => {
    const requests: string[] = [];
    const own = agent({ initialMessages: [asked()], fetch: breaking(bytes, requests) });
    const types: string[] = [];
    const { newMessages } = await own.runAgent(
      { runId: "r1" },
      { onEvent: ({ event }) => void types.push(event.type) },
    );
    expect(newMessages.map((message) => message.content)).toEqual(SAID);
    expect(own.state).toEqual({ runs: ["r1", "more"] });
    expect(types.filter((type) => type === "RUN_STARTED")).toHaveLength(1);
    expect(types.at(-1)).toBe("RUN_FINISHED");
    expect(requests.length).toBeGreaterThan(1);
  });

  test("is lost only when the server stays away", async () => {
    const own = agent({ attempts: 3, fetch: () => Promise.reject(new TypeError("network error")) });
    await expect(own.runAgent()).rejects.toThrow("network error");
  });

  test("that the server refuses is refused at once", async () => {
    const own = agent({ url: `${server.url}/ag-ui/nobody` });
    await expect(own.runAgent()).rejects.toThrow(/404.*agent_unknown/);
  });

  test("that fails is told by its event, as with the official client", async () => {
    const errors: string[] = [];
    const own = agent();
    await own.runAgent(
      { forwardedProps: { fail: true } },
      { onRunErrorEvent: ({ event }) => void errors.push(event.message) },
    );
    expect(errors).toEqual(["the model is away"]);
  });
});

describe("connectAgent", () => {
  test("joins a run that somebody else has started, and both end the same", async () => {
    const one = agent({ initialMessages: [asked()] });
    const running = one.runAgent({ runId: "r1", forwardedProps: { words: 40 } });
    await expect.poll(() => one.messages.length).toBeGreaterThan(1);
    const other = agent({ threadId: one.threadId, fetch: breaking(2_000) });
    await Promise.all([running, other.connectAgent()]);
    expect(other.messages).toEqual(one.messages);
    expect(other.state).toEqual(one.state);
  });

  test("shows what was in a thread that is at rest", async () => {
    const one = agent({ initialMessages: [asked()] });
    await one.runAgent({ runId: "r1" });
    const other = agent({ threadId: one.threadId });
    await other.connectAgent();
    expect(other.messages).toEqual(one.messages);
  });

  test("is empty in a thread that nobody has used", async () => {
    await expect(agent().connectAgent()).resolves.toEqual({ result: undefined, newMessages: [] });
  });
});

describe("whoever goes", () => {
  test("leaves the run on, and finds it again", async () => {
    const one = agent({ initialMessages: [asked()] });
    const left = one.runAgent({ runId: "r1", forwardedProps: { words: 30 } });
    await expect.poll(() => one.messages.length).toBeGreaterThan(1);
    await one.detachActiveRun();
    await left;
    const before = one.messages.at(-1)?.content as string;
    await one.connectAgent();
    expect(one.messages.find((message) => message.id === "r1-m")?.content).toMatch(/^word0 .* word29 $/);
    expect(before.length).toBeLessThan(100);
  });

  test("aborts the run for everybody", async () => {
    const one = agent({ initialMessages: [asked()] });
    const other = agent({ threadId: one.threadId });
    const outcomes: string[] = [];
    const told = { onRunFinishedEvent: ({ outcome }: { outcome: string }) => void outcomes.push(outcome) };
    const running = one.runAgent({ runId: "r1", forwardedProps: { words: 1000 } }, told);
    await expect.poll(() => one.messages.length).toBeGreaterThan(1);
    const watching = other.connectAgent({}, told);
    await expect.poll(() => other.messages.length).toBeGreaterThan(1);
    other.abortRun();
    await Promise.all([running, watching]);
    expect(outcomes).toEqual(["cancelled", "cancelled"]);
    expect(other.messages).toEqual(one.messages);
  });

  test("clones an agent that works", async () => {
    const clone = agent({ initialMessages: [asked()], attempts: 7 }).clone();
    expect(clone.attempts).toBe(7);
    expect((await clone.runAgent({ runId: "r1" })).newMessages).toHaveLength(2);
  });
});
