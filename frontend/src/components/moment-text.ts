/** One line for what happened at one point in time. */

import type { Moment } from "../core/moment.ts";
import { clip, duration } from "./text.ts";

interface Words {
  readonly title: string;
  readonly detail: string;
}

export function momentFailed({ type }: Moment): boolean {
  return type === "error_occurred";
}

export function describeMoment({ event, events }: Moment): Words {
  switch (event.type) {
    case "error_occurred":
      return { title: "error", detail: event.payload.message };
    case "retry_attempted": {
      const { attempt, max_attempts, delay_ms, reason } = event.payload;
      const wait = delay_ms === undefined ? "" : ` in ${duration(delay_ms)}`;
      const of = max_attempts === undefined ? "" : ` of ${max_attempts}`;
      return { title: "retry", detail: `attempt ${attempt}${of}${wait}${reason ? `: ${reason}` : ""}` };
    }
    case "workflow_transition": {
      const { from_step, to_step, reason } = event.payload;
      return { title: "transition", detail: `${from_step ?? "start"} → ${to_step}${reason ? `: ${reason}` : ""}` };
    }
    case "state_delta":
      return {
        title: "state",
        detail: times(events, event.payload.delta.map(({ op, path }) => `${op} ${path}`).join(", ")),
      };
    case "metrics_updated":
      return { title: "metrics", detail: times(events, event.payload.operation ?? "") };
    case "custom_emitted":
      return { title: event.payload.name, detail: clip(JSON.stringify(event.payload.value)) };
    default:
      return { title: event.type.replaceAll("_", " "), detail: clip(JSON.stringify(event.payload)) };
  }
}

function times(events: number, last: string): string {
  return clip(events > 1 ? `${events} ×, last: ${last}` : last);
}
