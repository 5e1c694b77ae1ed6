/** Runs and subagents: who works, since when, and how it ended. */

import type { AgentEvent } from "@agui-lockstep/events";
import { type Origin, originOf, timeOf } from "./origin.ts";
import type { Folds, SessionView } from "./view.ts";

export type RunStatus = "running" | "success" | "interrupt" | "suspended" | "cancelled" | "failed";

export interface Run extends Origin {
  readonly id: string;
  /** A subagent works inside a run. */
  readonly kind: "run" | "subagent";
  /** What a subagent is called. */
  readonly name: string | undefined;
  readonly parentRunId: string | undefined;
  status: RunStatus;
  /** Why it failed. */
  error?: string;
  result?: unknown;
}

function start(view: SessionView, event: AgentEvent, id: string, about: Partial<Run>): Run {
  return view.runs.put(id, {
    ...originOf(event, view.order),
    id,
    kind: "run",
    name: undefined,
    parentRunId: undefined,
    status: "running",
    ...about,
  });
}

/** A run whose start is not here any more still ends visibly. */
function end(view: SessionView, event: AgentEvent, id: string, kind: Run["kind"], change: Partial<Run>): void {
  const run = view.runs.edit(id) ?? start(view, event, id, { kind });
  Object.assign(run, change, { endedAt: timeOf(event) });
  if (run.status === "failed" || run.status === "cancelled") abandon(view, event, id);
}

/** What a dead run left open will not be finished by anybody. */
function abandon(view: SessionView, event: AgentEvent, runId: string): void {
  const endedAt = timeOf(event);
  const left = (row: Origin) => row.runId === runId && row.endedAt === undefined;
  for (const { id } of view.toolCalls.where(left)) view.toolCalls.change(id, { endedAt, status: "cancelled" });
  for (const { id } of view.messages.where(left)) view.messages.change(id, { endedAt, status: "completed" });
  for (const { id } of view.steps.where(left)) view.steps.change(id, { endedAt, status: "failed" });
}

export const runFolds: Folds = {
  run_started: (view, event) => {
    start(view, event, event.run_id, { runId: event.run_id, parentRunId: event.payload.parent_run_id });
  },
  run_completed: (view, event) => {
    const { outcome, result } = event.payload;
    end(view, event, event.run_id, "run", { status: outcome?.type ?? "success", result });
  },
  run_failed: (view, event) =>
    end(view, event, event.run_id, "run", { status: "failed", error: event.payload.message }),
  subagent_started: (view, event) => {
    const { name, parent_subagent_run_id: parentRunId = event.run_id } = event.payload;
    start(view, event, event.subagent_run_id, { kind: "subagent", name, parentRunId });
  },
  subagent_completed: (view, event) => {
    const { outcome, result } = event.payload;
    end(view, event, event.subagent_run_id, "subagent", { status: outcome?.type ?? "success", result });
  },
  subagent_failed: (view, event) => {
    end(view, event, event.subagent_run_id, "subagent", { status: "failed", error: event.payload.message });
  },
};
