"use client";
/** The numbers: throughput, latency, tokens, tools, and what the stream went through. */

import { useEffect, useMemo, useRef, useState } from "react";
import type { ToolCall } from "../core/tool-call.ts";
import { type SessionSource, useSessionSource } from "./source.ts";
import { bytes, count, duration } from "./text.ts";

export type MetricsStripProps = SessionSource & { readonly className?: string | undefined };

/** Seconds that the sparkline shows. */
const WINDOW = 30;

export function MetricsStrip(props: MetricsStripProps) {
  const session = useSessionSource(props);
  const { stats, metrics, toolCalls } = session;
  const rates = useRates(stats.events);
  const times = useMemo(() => percentiles(toolCalls), [toolCalls]);
  const failed = useMemo(() => toolCalls.filter((call) => call.status === "error").length, [toolCalls]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={`ls ls-metrics ${props.className ?? ""}`} aria-label="Metrics" tabIndex={0}>
      <dl>
        <Metric name="Events" value={count(stats.events)} more={bytes(stats.bytes)} />
        <div className="ls-metric">
          <dt>Events per second</dt>
          <dd>
            {count(rates.at(-1) ?? 0)} <Sparkline values={rates} />
          </dd>
        </div>
        <Metric
          name="First token"
          value={metrics.timeToFirstTokenMs === undefined ? "–" : duration(metrics.timeToFirstTokenMs)}
        />
        <Metric name="Tokens" value={count(metrics.outputTokens)} more={`${count(metrics.inputTokens)} in`} />
        <Metric name="Tool p50 / p95" value={times ? `${duration(times[0])} / ${duration(times[1])}` : "–"} />
        <Metric name="Tools failed" value={count(failed)} more={`of ${count(toolCalls.length)}`} bad={failed > 0} />
        <Metric name="Missed / recovered" value={`${count(stats.missed)} / ${count(stats.recovered)}`} />
        <Metric name="Gaps" value={count(stats.gaps)} bad={stats.gaps > 0} />
        <Metric name="Quarantined" value={count(stats.invalid + stats.unknown)} bad={stats.invalid > 0} />
      </dl>
    </section>
  );
}

interface MetricProps {
  readonly name: string;
  readonly value: string;
  readonly more?: string;
  readonly bad?: boolean;
}

function Metric({ name, value, more, bad = false }: MetricProps) {
  return (
    <div className="ls-metric" data-bad={bad}>
      <dt>{name}</dt>
      <dd>
        {value} {more !== undefined && <span className="ls-metric-more">{more}</span>}
      </dd>
    </div>
  );
}

/** Events in each of the last seconds, newest last. */
function useRates(total: number): readonly number[] {
  const latest = useRef(total);
  latest.current = total;
  const [rates, setRates] = useState<readonly number[]>([]);
  useEffect(() => {
    let before = latest.current;
    const timer = setInterval(() => {
      const rate = latest.current - before;
      before = latest.current;
      // A quiet session does not render every second.
      setRates((rates) => (rate === 0 && rates.every((each) => each === 0) ? rates : [...rates, rate].slice(-WINDOW)));
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  return rates;
}

function Sparkline({ values }: { readonly values: readonly number[] }) {
  const top = Math.max(1, ...values);
  const left = WINDOW - values.length;
  const points = values.map((value, position) => `${left + position},${(1 - value / top) * 10}`);
  return (
    <svg
      className="ls-sparkline"
      viewBox={`0 -1 ${WINDOW - 1} 12`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <polyline points={points.join(" ")} />
    </svg>
  );
}

function percentiles(calls: readonly ToolCall[]): readonly [number, number] | undefined {
  const times = calls.flatMap((call) => call.durationMs ?? []).sort((left, right) => left - right);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return times.length > 0 ? [at(0.5), at(0.95)] : undefined;
}
