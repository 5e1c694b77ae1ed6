/** The fold: what a session's events say. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { foldEvents } from "@agui-lockstep/client/fold";
import { eventMaker } from "@agui-lockstep/client/testing";
import { type AgentEvent, EVENT_TYPES, parseEvent } from "@agui-lockstep/events";
import { expect, test } from "vitest";
import { SessionView } from "../../frontend/src/core/view.ts";
import { demoRun } from "./support/demo.ts";

const make = () => eventMaker({ run_id: "r1", agent: "monitor" });

test("a run with everything in it", () => {
  const view = foldEvents(demoRun("s1"));
  expect(view.runs).toMatchObject([{ id: "run-7", kind: "run", status: "success", agent: "infrastructure_monitor" }]);
  expect(view.steps.map(({ name, status }) => [name, status])).toEqual([
    ["inspect", "completed"],
    ["repair", "completed"],
  ]);
  expect(view.toolCalls.map(({ name, status }) => [name, status])).toEqual([
    ["docker_list_containers", "success"],
    ["read_logs", "error"],
    ["read_logs", "success"],
    ["docker_restart", "success"],
  ]);
  const [listed, failed] = view.toolCalls;
  expect(listed).toMatchObject({
    args: { host: "web-1", status: "running", all: true },
    durationMs: 712,
    problems: [],
  });
  expect(failed?.error).toBe("ssh: connect to host web-1 port 22: timed out after 1 s");
  expect(view.state).toMatchObject({ plan: [{ done: true }, { done: false }, { done: false }] });
  expect(view.messages.map(({ kind, role }) => kind + role)).toEqual([
    "messageuser",
    "reasoningreasoning",
    "messageassistant",
    "messageassistant",
    "messageassistant",
  ]);
  expect(view.messages.at(-1)).toMatchObject({
    text: "Done: **api** runs again and web-1 answers within 40 ms.",
    status: "completed",
  });
  expect(view.metrics).toMatchObject({ inputTokens: 812, outputTokens: 196, timeToFirstTokenMs: 162 });
  expect(view.moments.map(({ type }) => type)).toContain("error_occurred");
});

test("folding in pieces, with a snapshot after every event, says the same as folding at once", () => {
  const events = demoRun("s1");
  const view = new SessionView();
  const kept = events.map((event) => {
    view.apply(event);
    const snapshot = view.snapshot();
    return [snapshot, JSON.stringify(snapshot)] as const;
  });
  expect(view.snapshot()).toEqual(foldEvents(events));
  // What was handed out never changes afterwards.
  for (const [snapshot, text] of kept) expect(JSON.stringify(snapshot)).toBe(text);
});

test("rows that an event does not concern stay the same objects", () => {
  const event = make();
  const view = new SessionView();
  view.apply(event("tool_call_started", { tool_call_id: "a", tool_name: "one" }));
  view.apply(event("tool_call_started", { tool_call_id: "b", tool_name: "two" }));
  const before = view.snapshot();
  view.apply(event("tool_call_args_delta", { tool_call_id: "b", delta: "{" }));
  const after = view.snapshot();
  expect(after.toolCalls[0]).toBe(before.toolCalls[0]);
  expect(after.toolCalls[1]).not.toBe(before.toolCalls[1]);
  expect(after.messages).toBe(before.messages);
});

test("whatever order events come in, the fold neither fails nor forgets to say what is wrong", () => {
  const events = demoRun("s1");
  for (let seed = 1; seed <= 200; seed++) {
    const shuffled = events
      .filter((_, index) => (index * seed * 7919) % 5 !== 0)
      .toSorted((left, right) => order(left, seed) - order(right, seed));
    expect(() => foldEvents(shuffled)).not.toThrow();
  }
});

function order(event: AgentEvent, seed: number): number {
  return (Number(event.event_id.slice(-6)) * seed * 104_729) % 1009;
}

test("a result without a start, and arguments that are not JSON, are problems of the call", () => {
  const event = make();
  const { toolCalls } = foldEvents([
    event("tool_call_result", { message_id: "m", tool_call_id: "lost", content: "ok" }),
    event("tool_call_started", { tool_call_id: "torn", tool_name: "probe" }),
    event("tool_call_args_delta", { tool_call_id: "torn", delta: '{"a":' }),
    event("tool_call_args_completed", { tool_call_id: "torn" }),
  ]);
  expect(toolCalls.map(({ problems }) => problems)).toEqual([
    ["tool_call_result came without tool_call_started"],
    ["the arguments are not JSON"],
  ]);
});

test("chunks open, continue and close by their ids", () => {
  const event = make();
  const { messages, toolCalls } = foldEvents([
    event("agent_message_chunk", { message_id: "a", role: "assistant", delta: "He" }),
    event("agent_message_chunk", { delta: "llo" }),
    event("tool_call_chunk", { tool_call_id: "t", tool_name: "probe", delta: "{" }),
    event("tool_call_chunk", { delta: "}" }),
    event("agent_message_chunk", { message_id: "b", delta: "Next" }),
    event("tool_call_chunk", { tool_call_id: "u", tool_name: "probe" }),
  ]);
  expect(messages.map(({ text, status }) => [text, status])).toEqual([
    ["Hello", "completed"],
    ["Next", "streaming"],
  ]);
  expect(toolCalls[0]).toMatchObject({ args: {}, status: "called", problems: [] });
});

test("a failed run takes down what it left open", () => {
  const event = make();
  const view = foldEvents([
    event("run_started", {}),
    event("workflow_step_started", { step_name: "inspect" }),
    event("tool_call_started", { tool_call_id: "t", tool_name: "probe", args: {} }),
    event("agent_message_started", { message_id: "m" }),
    event("run_failed", { message: "out of memory" }),
  ]);
  expect(view.runs[0]).toMatchObject({ status: "failed", error: "out of memory" });
  expect(view.toolCalls[0]).toMatchObject({ status: "cancelled" });
  expect(view.steps[0]).toMatchObject({ status: "failed" });
  expect(view.messages[0]).toMatchObject({ status: "completed" });
});

test("a patch that does not fit leaves the last good state, and says so until the next snapshot", () => {
  const event = make();
  const events: AgentEvent[] = [
    event("state_snapshot", { snapshot: { count: 1 } }),
    event("state_delta", { delta: [{ op: "replace", path: "/missing", value: 2 }] }),
  ];
  expect(foldEvents(events)).toMatchObject({ state: { count: 1 }, stateStale: true });
  events.push(event("state_snapshot", { snapshot: { count: 3 } }));
  expect(foldEvents(events)).toMatchObject({ state: { count: 3 }, stateStale: false });
});

test("tables keep the newest rows only", () => {
  const event = make();
  const view = new SessionView(10);
  for (let call = 0; call < 25; call++)
    view.apply(event("tool_call_started", { tool_call_id: `${call}`, tool_name: "x" }));
  expect(view.snapshot().toolCalls.map(({ id }) => id)).toEqual(
    Array.from({ length: 10 }, (_, index) => `${index + 15}`),
  );
});

test("every example of the schema folds, and every type has one", () => {
  const path = join(import.meta.dirname, "../../schema/events.schema.json");
  const { $defs } = JSON.parse(readFileSync(path, "utf8")) as { $defs: Record<string, { examples?: object[] }> };
  const envelope = { ...make()("run_started", {}), subagent_run_id: "sub_1" };
  const events = EVENT_TYPES.flatMap((type) => {
    const name = type.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
    const examples = $defs[`${name}Payload`]?.examples ?? [];
    return examples.map((payload) => parseEvent({ ...envelope, type, payload }) as AgentEvent);
  });
  expect(() => foldEvents(events)).not.toThrow();
  expect(new Set(events.map(({ type }) => type)).size).toBe(EVENT_TYPES.length);
});
