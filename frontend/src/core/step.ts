/** Workflow steps: which node of the graph works, and how it ended. */

import type { AgentEvent } from "@agui-lockstep/events";
import { type Origin, originOf, timeOf } from "./origin.ts";
import type { Folds, SessionView } from "./view.ts";

export interface Step extends Origin {
  /** The event's `step_id`, or one made from the name when it has none. */
  readonly id: string;
  readonly name: string;
  status: "running" | "completed" | "failed";
  error?: string;
}

function start(view: SessionView, event: AgentEvent, name: string, stepId?: string): Step {
  const id = stepId ?? `${name} #${view.order}`;
  return view.steps.put(id, { ...originOf(event, view.order), id, name, status: "running" });
}

/** Without an id, the end belongs to the newest open step of the same name and run. */
function end(view: SessionView, event: AgentEvent, name: string, stepId: string | undefined, change: Partial<Step>) {
  const { run_id: runId } = event as { run_id?: string };
  const id =
    stepId ??
    view.steps.where((step) => step.name === name && step.runId === runId && step.status === "running").at(-1)?.id;
  const step = (id !== undefined && view.steps.edit(id)) || start(view, event, name, stepId);
  Object.assign(step, change, { endedAt: timeOf(event) });
}

export const stepFolds: Folds = {
  workflow_step_started: (view, event) => {
    start(view, event, event.payload.step_name, event.payload.step_id);
  },
  workflow_step_completed: (view, event) =>
    end(view, event, event.payload.step_name, event.payload.step_id, { status: "completed" }),
  workflow_step_failed: (view, event) => {
    const { step_name, step_id, error } = event.payload;
    end(view, event, step_name, step_id, { status: "failed", error: error.message });
  },
};
