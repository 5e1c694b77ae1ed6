"use client";
/** The one line to read first: which agent, what it does now, what failed and why. */

import { Icon } from "./icon.tsx";
import { useNow } from "./now.ts";
import { type SessionSource, useSessionSource } from "./source.ts";
import { summarise } from "./summary.ts";
import { duration } from "./text.ts";

export type RunSummaryProps = SessionSource & {
  /** Called with `tool:<id>`, `step:<id>` or `run:<id>`. */
  readonly onSelect?: ((key: string) => void) | undefined;
  readonly className?: string | undefined;
};

export function RunSummary(props: RunSummaryProps) {
  const session = useSessionSource(props);
  const { agent, activity, running, since, failures, outcome } = summarise(session);
  const last = Date.parse(session.metrics.lastTimestamp ?? "") || 0;
  const now = useNow(last, running);
  return (
    <section className={`ls ls-summary ${props.className ?? ""}`} aria-label="Summary" data-running={running}>
      <p className="ls-summary-now">
        <Icon name={running ? "running" : outcome} />
        <strong>{agent ?? "The agent"}</strong> {activity}{" "}
        {running && since !== undefined && <span className="ls-summary-since">{duration(now - since)}</span>}
      </p>
      {failures.slice(-2).map(({ key, what, why }) => (
        <button key={key} type="button" className="ls-failure" onClick={() => props.onSelect?.(key)}>
          <Icon name="failed" />
          <span className="ls-failure-what">{what} failed</span>
          <span className="ls-failure-why">{why}</span>
        </button>
      ))}
      {failures.length > 2 && <span className="ls-hint">and {failures.length - 2} more</span>}
    </section>
  );
}
