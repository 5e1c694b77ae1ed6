/** A scripted run with everything a viewer must show: parallel tools, a failure and its retry, steps and state. */

import { eventMaker } from "@agui-lockstep/client/testing";
import type { AgentEvent } from "@agui-lockstep/events";

/** `until` cuts the run short, in ms of its own time, so that a picture shows it running. */
export function demoRun(sessionId: string, until = Number.POSITIVE_INFINITY): AgentEvent[] {
  const make = eventMaker({ session_id: sessionId, run_id: "run-7", agent: "infrastructure_monitor" });
  const events: AgentEvent[] = [];
  let at = 0;
  const add: typeof make = (type, payload, envelope = {}) => {
    const event = make(type, payload, { at, ...envelope });
    events.push(event);
    return event;
  };
  const say = (id: string, text: string, gap: number) => {
    add("agent_message_started", { message_id: id, role: "assistant" });
    for (const word of text.split(/(?<= )/)) {
      at += gap;
      add("agent_message_delta", { message_id: id, delta: word });
    }
    add("agent_message_completed", { message_id: id });
  };
  const type = (id: string, name: string, args: object) => {
    add("tool_call_started", { tool_call_id: id, tool_name: name });
    for (const part of JSON.stringify(args).match(/.{1,9}/g) ?? []) {
      at += 25;
      add("tool_call_args_delta", { tool_call_id: id, delta: part });
    }
    add("tool_call_args_completed", { tool_call_id: id });
  };

  add(
    "messages_snapshot",
    { messages: [{ id: "u1", role: "user", content: "web-1 answers slowly since noon. Find out why and fix it." }] },
    { agent: undefined as never },
  );
  at = 120;
  add("run_started", { thread_id: "ops" });
  add("state_snapshot", {
    snapshot: {
      plan: [
        { task: "inspect containers", done: false },
        { task: "read logs", done: false },
        { task: "restart", done: false },
      ],
      host: "web-1",
    },
  });
  add("workflow_step_started", { step_name: "inspect", step_id: "st1" });
  at = 260;
  add("reasoning_started", { message_id: "t1" });
  add("reasoning_message_started", { message_id: "t1" });
  for (const word of "The load looks normal, so a container may be restarting in a loop. I list the containers and read the proxy's log at the same time.".split(
    /(?<= )/,
  )) {
    at += 22;
    add("reasoning_message_delta", { message_id: "t1", delta: word });
  }
  add("reasoning_message_completed", { message_id: "t1" });
  say("m1", "I look at the containers and at the proxy's log.", 34);
  type("tc_list", "docker_list_containers", { host: "web-1", status: "running", all: true });
  type("tc_logs", "read_logs", { unit: "nginx", since: "12:00", lines: 200 });
  add("tool_call_execution_started", { tool_call_id: "tc_list" });
  at += 60;
  add("tool_call_execution_started", { tool_call_id: "tc_logs" });
  at += 640;
  add("tool_call_result", {
    message_id: "r1",
    tool_call_id: "tc_list",
    content: "4 containers",
    result: [
      { name: "api", status: "running", restarts: 41 },
      { name: "nginx", status: "running", restarts: 0 },
    ],
    status: "success",
    duration_ms: 712,
  });
  add("state_delta", { delta: [{ op: "replace", path: "/plan/0/done", value: true }] });
  at += 420;
  add("tool_call_result", {
    message_id: "r2",
    tool_call_id: "tc_logs",
    content: "timeout",
    status: "error",
    error: { message: "ssh: connect to host web-1 port 22: timed out after 1 s", code: "timeout" },
    duration_ms: 1120,
  });
  add("error_occurred", { message: "read_logs timed out", code: "timeout", retryable: true, tool_call_id: "tc_logs" });
  add("retry_attempted", { attempt: 2, max_attempts: 3, delay_ms: 250, reason: "timeout", tool_call_id: "tc_logs" });
  at += 250;
  type("tc_logs2", "read_logs", { unit: "nginx", since: "12:00", lines: 50 });
  add("tool_call_execution_started", { tool_call_id: "tc_logs2" });
  at += 380;
  add("tool_call_result", {
    message_id: "r3",
    tool_call_id: "tc_logs2",
    content: "upstream api:8080 prematurely closed connection",
    status: "success",
    duration_ms: 380,
  });
  add("workflow_step_completed", { step_name: "inspect", step_id: "st1", duration_ms: at - 120 });
  add("workflow_transition", { from_step: "inspect", to_step: "repair", reason: "api restarts in a loop" });
  add("workflow_step_started", { step_name: "repair", step_id: "st2" });
  add("metrics_updated", {
    usage: [{ model: "scripted", input_tokens: 812, output_tokens: 196 }],
    operation: "chat",
    latency_ms: 950,
  });
  say("m2", "The `api` container has restarted 41 times. I restart it with a higher memory limit.", 30);
  type("tc_restart", "docker_restart", { container: "api", memory: "1g", wait: true });
  add("tool_call_execution_started", { tool_call_id: "tc_restart" });
  at += 900;
  add("custom_emitted", { name: "container_health", value: { api: "healthy" } });
  at += 500;
  add("tool_call_result", {
    message_id: "r4",
    tool_call_id: "tc_restart",
    content: "restarted",
    result: { healthy: true },
    status: "success",
    duration_ms: 1400,
  });
  add("workflow_step_completed", { step_name: "repair", step_id: "st2" });
  say("m3", "Done: **api** runs again and web-1 answers within 40 ms.", 30);
  add("run_completed", { outcome: { type: "success" } });
  const start = Date.parse(events[0]?.timestamp ?? "");
  return events.filter((event) => Date.parse(event.timestamp) - start <= until);
}
