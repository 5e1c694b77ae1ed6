/** What every folded row remembers about where it came from. */

import type { AgentEvent } from "@agui-lockstep/events";

export interface Origin {
  /** Position of the row's first event in the session, for ordering rows of different kinds. */
  readonly order: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly agent: string | undefined;
  readonly runId: string | undefined;
  endedAt?: number;
  /** Events folded into the row. */
  events: number;
}

export function timeOf(event: AgentEvent): number {
  return Date.parse(event.timestamp);
}

export function originOf(event: AgentEvent, order: number): Origin {
  const { agent, run_id: runId } = event as { agent?: string; run_id?: string };
  return { order, startedAt: timeOf(event), agent, runId, events: 0 };
}
