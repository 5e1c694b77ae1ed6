/** One session in a few words: who works, what happens now, what failed. */

import type { SessionSnapshot } from "../core/snapshot.ts";
import { clip } from "./text.ts";
import { type RowStatus, RUN_STATUS } from "./timeline-row.ts";

export interface SessionSummary {
  readonly agent: string | undefined;
  /** What the agent does now, or how it ended. */
  readonly activity: string;
  readonly running: boolean;
  /** How the newest run ended; a tool that failed and was tried again does not spoil it. */
  readonly outcome: RowStatus;
  /** Since when, on the clock of the events. */
  readonly since: number | undefined;
  /** Tool calls and steps that failed, newest last. */
  readonly failures: readonly { readonly key: string; readonly what: string; readonly why: string }[];
}

const ENDED = {
  running: "is working",
  success: "finished",
  interrupt: "waits for a person",
  suspended: "is suspended",
  cancelled: "was cancelled",
  failed: "failed",
} as const;

export function summarise(session: SessionSnapshot): SessionSummary {
  const { runs, toolCalls, messages, steps } = session;
  const run = runs.findLast((each) => each.kind === "run");
  const call = toolCalls.findLast((each) => each.endedAt === undefined);
  const message = messages.findLast((each) => each.status === "streaming");
  const step = steps.findLast((each) => each.status === "running");
  const newest = [call, message]
    .filter((each) => each !== undefined)
    .sort((left, right) => left.order - right.order)
    .at(-1);
  const agent = newest?.agent ?? run?.agent ?? step?.agent ?? toolCalls.at(-1)?.agent ?? messages.at(-1)?.agent;
  const outcome = run ? RUN_STATUS[run.status] : "note";
  return { agent, outcome, failures: failuresOf(session), ...now() };

  function now(): Pick<SessionSummary, "activity" | "running" | "since"> {
    const inStep = step ? ` in ${step.name}` : "";
    if (newest && newest === call) {
      const verb = call.status === "arguments" ? "is writing the arguments of" : "runs";
      return { activity: `${verb} ${call.name}${inStep}`, running: true, since: call.startedAt };
    }
    if (newest && newest === message) {
      const verb = message.kind === "reasoning" ? "is thinking" : "is writing";
      return { activity: `${verb}${inStep}`, running: true, since: message.startedAt };
    }
    if (run?.status === "running")
      return { activity: `is working${inStep}`, running: true, since: (step ?? run).startedAt };
    if (run)
      return {
        activity: ENDED[run.status] + (run.error ? `: ${clip(run.error, 80)}` : ""),
        running: false,
        since: run.endedAt,
      };
    return { activity: session.stats.events > 0 ? "is quiet" : "has not started", running: false, since: undefined };
  }
}

function failuresOf({ toolCalls, steps, runs }: SessionSnapshot): SessionSummary["failures"] {
  return (
    [
      ...runs
        .filter((run) => run.status === "failed")
        .map((run) => ({ key: `run:${run.id}`, what: run.name ?? `run ${run.id}`, why: run.error, order: run.order })),
      ...steps
        .filter((step) => step.status === "failed")
        .map((step) => ({ key: `step:${step.id}`, what: step.name, why: step.error, order: step.order })),
      ...toolCalls
        .filter((call) => call.status === "error")
        .map((call) => ({ key: `tool:${call.id}`, what: call.name, why: call.error, order: call.order })),
    ]
      .sort((left, right) => left.order - right.order)
      .map(({ key, what, why = "no reason given" }) => ({ key, what, why }))
      // A step that fails because its tool failed, and a run because of its step, have one reason: say it once, of the tool.
      .filter(({ why }, index, all) => why !== all[index + 1]?.why)
  );
}
