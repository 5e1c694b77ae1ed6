/** Tool calls: arguments as they are typed, execution, result, and what broke the protocol. */

import type { AgentEvent } from "@agui-lockstep/events";
import { type Origin, originOf, timeOf } from "./origin.ts";
import type { Folds, SessionView } from "./view.ts";

/** `arguments` still arriving · `called` complete · `running` being executed · then how it ended. */
export type ToolCallStatus = "arguments" | "called" | "running" | "success" | "error" | "cancelled" | "unknown";

export interface ToolCall extends Origin {
  readonly id: string;
  name: string;
  status: ToolCallStatus;
  parentMessageId?: string;
  /** The arguments as text, complete or not. */
  argsText: string;
  /** The arguments as JSON, once they are complete and can be read. */
  args?: unknown;
  argsCompletedAt?: number;
  executionStartedAt?: number;
  /** What the tool answered: `result` where it is JSON, `content` as the model sees it. */
  result?: unknown;
  content?: unknown;
  error?: string;
  durationMs?: number;
  /** How the events of this call broke the protocol, for example a result without a start. */
  problems: readonly string[];
}

function open(view: SessionView, event: AgentEvent, id: string, name?: string): ToolCall {
  const row =
    view.toolCalls.edit(id) ??
    view.toolCalls.put(id, {
      ...originOf(event, view.order),
      id,
      name: name ?? "unknown tool",
      status: "arguments",
      argsText: "",
      problems: name === undefined ? [`${event.type} came without tool_call_started`] : [],
    });
  row.events += view.count;
  return row;
}

function completeArguments(call: ToolCall, event: AgentEvent): void {
  if (call.status !== "arguments") return;
  call.status = "called";
  call.argsCompletedAt = timeOf(event);
  try {
    call.args = call.argsText === "" ? {} : JSON.parse(call.argsText);
  } catch {
    call.problems = [...call.problems, "the arguments are not JSON"];
  }
}

const CHUNKS = "tool";

export const toolCallFolds: Folds = {
  tool_call_started: (view, event) => {
    const { tool_call_id: id, tool_name: name, args, parent_message_id: parentMessageId } = event.payload;
    const call = open(view, event, id, name);
    call.name = name;
    if (parentMessageId !== undefined) call.parentMessageId = parentMessageId;
    if (args !== undefined) {
      // With `args` there will be no deltas: the arguments are complete.
      Object.assign(call, { status: "called", args, argsText: JSON.stringify(args), argsCompletedAt: timeOf(event) });
    }
  },
  tool_call_args_delta: (view, event) => {
    open(view, event, event.payload.tool_call_id).argsText += event.payload.delta;
  },
  tool_call_args_completed: (view, event) => completeArguments(open(view, event, event.payload.tool_call_id), event),
  tool_call_chunk: (view, event) => {
    const { tool_call_id, tool_name, delta = "" } = event.payload;
    const before = view.chunks.get(CHUNKS);
    const id = tool_call_id ?? before;
    if (id === undefined) return;
    if (before !== undefined && before !== id) {
      const previous = view.toolCalls.edit(before);
      if (previous) completeArguments(previous, event);
    }
    view.chunks.set(CHUNKS, id);
    open(view, event, id, tool_name).argsText += delta;
  },
  tool_call_execution_started: (view, event) => {
    const call = open(view, event, event.payload.tool_call_id);
    completeArguments(call, event);
    call.status = "running";
    call.executionStartedAt = timeOf(event);
  },
  tool_call_result: (view, event) => {
    const { tool_call_id, content, result, error, duration_ms: durationMs } = event.payload;
    const { status = error ? "error" : "success" } = event.payload;
    const call = open(view, event, tool_call_id);
    completeArguments(call, event);
    const endedAt = timeOf(event);
    const began = call.executionStartedAt ?? call.startedAt;
    Object.assign(call, { status, content, endedAt, durationMs: durationMs ?? endedAt - began });
    if (result !== undefined) call.result = result;
    if (error !== undefined) call.error = error.message;
  },
};
