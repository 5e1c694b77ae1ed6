/** The fold: one session's events, in order, become runs, messages, tool calls, steps, state and metrics. */

import type { AgentEvent, EventOf, EventType } from "@agui-lockstep/events";
import { type DeltaRun, startRun } from "./delta-run.ts";
import type { Reading } from "./event-log.ts";
import { type Message, messageFolds } from "./message.ts";
import { countEvent, type Metrics, newMetrics } from "./metrics.ts";
import { type Moment, noteMoment } from "./moment.ts";
import { type Run, runFolds } from "./run.ts";
import { stateFolds } from "./state.ts";
import { type Step, stepFolds } from "./step.ts";
import { Table } from "./table.ts";
import { type ToolCall, toolCallFolds } from "./tool-call.ts";

/** What the events say, at one moment. Arrays are in order of first appearance and never change. */
export interface View {
  readonly runs: readonly Run[];
  readonly messages: readonly Message[];
  readonly toolCalls: readonly ToolCall[];
  readonly steps: readonly Step[];
  readonly moments: readonly Moment[];
  /** The agent's shared state; what a patch did not touch stays the same object. */
  readonly state: unknown;
  /** A patch did not fit: the state is the last good one, until the next snapshot. */
  readonly stateStale: boolean;
  readonly metrics: Metrics;
}

/** Changes the view by one event, and does nothing else: no clock, no randomness, no I/O. */
export type Folds = { readonly [Type in EventType]?: (view: SessionView, event: EventOf<Type>) => void };

// Without a prototype: a team may call an event `constructor`.
const FOLDS: Folds = Object.assign(Object.create(null), {
  ...runFolds,
  ...messageFolds,
  ...toolCallFolds,
  ...stepFolds,
  ...stateFolds,
});

export class SessionView {
  readonly runs: Table<Run>;
  readonly messages: Table<Message>;
  readonly toolCalls: Table<ToolCall>;
  readonly steps: Table<Step>;
  readonly moments: Table<Moment>;
  readonly metrics = newMetrics();
  state: unknown;
  stateStale = false;
  /** The chunk streams in progress, by kind: later chunks may leave their id out. */
  readonly chunks = new Map<string, string>();
  lastMoment: string | undefined;
  /** Position of the event that is being applied, from 1, and how many it stands for. */
  order = 1;
  count = 1;
  #run: DeltaRun | undefined;

  constructor(capacity = 5000) {
    this.runs = new Table(capacity);
    this.messages = new Table(capacity);
    this.toolCalls = new Table(capacity);
    this.steps = new Table(capacity);
    this.moments = new Table(capacity);
  }

  /** The next event. A delta waits for the next of its text, until something else comes or somebody looks. */
  take(reading: Reading<AgentEvent>): void {
    if (this.#run?.add(reading)) return;
    this.#settle();
    this.#run = startRun(reading);
    if (!this.#run) this.apply(reading.event);
  }

  #settle(): void {
    const run = this.#run;
    this.#run = undefined;
    if (run) this.apply(...run.total());
  }

  /** An event may stand for many, up to one at `timestamp`. */
  apply(event: AgentEvent, count = 1, timestamp = event.timestamp): void {
    this.count = count;
    countEvent(this.metrics, event, count, timestamp);
    const fold = FOLDS[event.type] as ((view: SessionView, event: AgentEvent) => void) | undefined;
    if (fold) fold(this, event);
    else noteMoment(this, event);
    this.order += count;
  }

  snapshot(): View {
    this.#settle();
    return {
      runs: this.runs.snapshot(),
      messages: this.messages.snapshot(),
      toolCalls: this.toolCalls.snapshot(),
      steps: this.steps.snapshot(),
      moments: this.moments.snapshot(),
      state: this.state,
      stateStale: this.stateStale,
      metrics: { ...this.metrics, byType: { ...this.metrics.byType } },
    };
  }
}

/** Folds a whole list, for example the first n events of a log to look at an earlier moment. */
export function foldEvents(events: Iterable<AgentEvent>): View {
  const view = new SessionView();
  for (const event of events) view.apply(event);
  return view.snapshot();
}
