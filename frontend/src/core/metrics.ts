/** Counts and sums over a session. */

import type { AgentEvent, EventType, TokenUsage } from "@agui-lockstep/events";
import { timeOf } from "./origin.ts";

export interface Metrics {
  readonly byType: Partial<Record<EventType, number>>;
  events: number;
  /** Of the newest event. */
  lastTimestamp?: string;
  /** From the start of the newest run that has spoken to its first word, ms. */
  timeToFirstTokenMs?: number;
  inputTokens: number;
  outputTokens: number;
}

/** Metrics while they grow. */
export interface MetricsDraft extends Metrics {
  /** Start of a run that has not spoken yet. */
  awaitingSince?: number | undefined;
  /** The run has reported usage as it went, so the total at its end would count twice. */
  usageReported: boolean;
}

export function newMetrics(): MetricsDraft {
  return { byType: Object.create(null), events: 0, inputTokens: 0, outputTokens: 0, usageReported: false };
}

const SPEAKS = /^(agent_message|reasoning_message)_(delta|chunk)$/;

export function countEvent(metrics: MetricsDraft, event: AgentEvent, count: number, timestamp: string): void {
  const { type } = event;
  metrics.events += count;
  metrics.lastTimestamp = timestamp;
  metrics.byType[type] = (metrics.byType[type] ?? 0) + count;
  if (type === "run_started") {
    metrics.awaitingSince = timeOf(event);
    metrics.usageReported = false;
  } else if (type === "metrics_updated") {
    metrics.usageReported ||= event.payload.usage !== undefined;
    addUsage(metrics, event.payload.usage);
  } else if (type === "run_completed" || type === "run_failed") {
    if (!metrics.usageReported) addUsage(metrics, event.payload.usage);
  } else if (metrics.awaitingSince !== undefined && SPEAKS.test(type)) {
    metrics.timeToFirstTokenMs = timeOf(event) - metrics.awaitingSince;
    metrics.awaitingSince = undefined;
  }
}

function addUsage(metrics: MetricsDraft, usage: readonly TokenUsage[] = []): void {
  for (const { input_tokens = 0, output_tokens = 0 } of usage) {
    metrics.inputTokens += input_tokens;
    metrics.outputTokens += output_tokens;
  }
}
