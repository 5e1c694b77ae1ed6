/** What the timeline shows as one row, made from any kind of folded row. */

import type { Message } from "../core/message.ts";
import type { Moment } from "../core/moment.ts";
import type { Origin } from "../core/origin.ts";
import type { Run } from "../core/run.ts";
import type { Step } from "../core/step.ts";
import type { ToolCall } from "../core/tool-call.ts";
import type { View } from "../core/view.ts";
import { describeMoment, momentFailed } from "./moment-text.ts";
import { clip } from "./text.ts";
import { CALL_STATUS } from "./tool-call-words.ts";

export type RowKind = "run" | "step" | "tool" | "message" | "reasoning" | "moment";

/** How it stands, for colour, icon and words alike. */
export type RowStatus = "running" | "ok" | "failed" | "stopped" | "note";

export interface TimelineRow {
  /** Unique among all rows: `<kind>:<id>`. */
  readonly key: string;
  readonly id: string;
  readonly kind: RowKind;
  readonly title: string;
  /** What it says or why it failed, in one line. */
  readonly detail: string;
  readonly status: RowStatus;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly agent: string | undefined;
  readonly runId: string | undefined;
  /** 0 for a run, 1 for what happens in it. */
  readonly depth: number;
  readonly order: number;
  /** Events folded into the row. */
  readonly events: number;
}

export const RUN_STATUS = {
  running: "running",
  success: "ok",
  interrupt: "note",
  suspended: "note",
  cancelled: "stopped",
  failed: "failed",
} as const;
const STEP_STATUS = { running: "running", completed: "ok", failed: "failed" } as const;

function row(
  kind: RowKind,
  id: string,
  from: Origin,
  more: Pick<TimelineRow, "title" | "detail" | "status">,
): TimelineRow {
  const { startedAt, endedAt, agent, runId, order, events } = from;
  return {
    key: `${kind}:${id}`,
    id,
    kind,
    startedAt,
    endedAt,
    agent,
    runId,
    order,
    events,
    depth: runId === undefined || kind === "run" ? 0 : 1,
    ...more,
  };
}

function ofRun(run: Run): TimelineRow {
  const title =
    run.kind === "subagent" ? `Subagent ${run.name ?? run.id}` : run.id.startsWith("run") ? run.id : `run ${run.id}`;
  return {
    ...row("run", run.id, run, { title, detail: run.error ?? "", status: RUN_STATUS[run.status] }),
    depth: run.kind === "subagent" ? 1 : 0,
  };
}

function ofStep(step: Step): TimelineRow {
  return row("step", step.id, step, { title: step.name, detail: step.error ?? "", status: STEP_STATUS[step.status] });
}

function ofToolCall(call: ToolCall): TimelineRow {
  const detail = call.error ?? call.problems[0] ?? clip(call.argsText);
  return row("tool", call.id, call, { title: call.name, detail, status: CALL_STATUS[call.status] });
}

function ofMessage(message: Message): TimelineRow {
  const kind = message.kind === "reasoning" ? "reasoning" : "message";
  const title = message.activityType ?? (kind === "reasoning" ? "thinking" : message.role);
  const status = message.status === "streaming" ? "running" : "ok";
  return row(kind, message.id, message, { title, detail: clip(message.text), status });
}

function ofMoment(moment: Moment): TimelineRow {
  const status = momentFailed(moment) ? "failed" : "note";
  const at = { ...moment, endedAt: moment.endedAt ?? moment.startedAt };
  return row("moment", moment.id, at, { ...describeMoment(moment), status });
}

/** Folded rows never change, so neither do the rows made from them. */
const made = new WeakMap<object, TimelineRow>();

function cached<T extends object>(make: (source: T) => TimelineRow) {
  return (source: T): TimelineRow => {
    const found = made.get(source) ?? make(source);
    made.set(source, found);
    return found;
  };
}

const [run, step, call, message, moment] = [
  cached(ofRun),
  cached(ofStep),
  cached(ofToolCall),
  cached(ofMessage),
  cached(ofMoment),
];

/** Everything that happened, in order of its first event. */
export function timelineRows(view: View): readonly TimelineRow[] {
  const { runs, steps, toolCalls, messages, moments } = view;
  const rows = [
    ...runs.map(run),
    ...steps.map(step),
    ...toolCalls.map(call),
    ...messages.map(message),
    ...moments.map(moment),
  ];
  return rows.sort((left, right) => left.order - right.order);
}
