"use client";
/** How the stream is, what was lost, and every connection so far. */

import { SCHEMA_DIGEST, SCHEMA_VERSION } from "@agui-lockstep/events";
import type { ConnectionRecord } from "../core/records.ts";
import type { SessionSnapshot } from "../core/snapshot.ts";
import { type SessionSource, useSessionSource } from "./source.ts";
import { clock, count, plural } from "./text.ts";

const WORDS: Record<SessionSnapshot["status"], string> = {
  idle: "Not connected",
  connecting: "Connecting",
  open: "Connected",
  reconnecting: "Reconnecting",
  done: "Ended",
  failed: "Stopped",
};

export type ConnectionBadgeProps = SessionSource & { readonly className?: string | undefined };

export function ConnectionBadge(props: ConnectionBadgeProps) {
  const session = useSessionSource(props);
  const { status, error, warning, stats, gaps, connections, lastEventId, server } = session;
  const { digest, version } = session.contract ?? { digest: SCHEMA_DIGEST, version: SCHEMA_VERSION };
  return (
    <details className={`ls ls-badge ${props.className ?? ""}`} data-status={status} data-lost={gaps.length > 0}>
      <summary>
        <span className="ls-dot" aria-hidden="true" />
        <span>{WORDS[status]}</span>
        <span className="ls-badge-verdict">{verdict(session)}</span>
      </summary>
      <div className="ls-badge-panel">
        {error && <p className="ls-alert">{error.message}</p>}
        {warning && <p className="ls-alert">{warning}</p>}
        {server?.digest !== undefined && digest !== undefined && server.digest !== digest && (
          <p className="ls-alert">
            The server speaks version {server.version} of the contract, this page {version}: what only one of them knows
            is left out or quarantined.
          </p>
        )}
        <dl className="ls-facts">
          <Fact name="Cursor" value={lastEventId ?? "none yet"} />
          <Fact name="Connections" value={count(stats.connections)} />
          <Fact name="Missed while away" value={count(stats.missed)} />
          <Fact name="Recovered" value={count(stats.recovered)} />
          <Fact name="Duplicates dropped" value={count(stats.duplicates)} />
          <Fact name="Gaps" value={count(stats.gaps)} />
        </dl>
        {gaps.length > 0 && (
          <ul className="ls-problems" aria-label="Gaps">
            {gaps.map((gap) => (
              <li key={`${gap.at} ${gap.resumesAt}`}>
                {gap.reason.replaceAll("_", " ")}:{" "}
                {gap.missed === undefined ? "some events" : plural(gap.missed, "event")} after{" "}
                {gap.after ?? "the start"}, resumes at {gap.resumesAt}
              </li>
            ))}
          </ul>
        )}
        <ConnectionLog connections={connections} />
        <button type="button" className="ls-button" onClick={session.reconnect}>
          Reconnect now
        </button>
      </div>
    </details>
  );
}

/** In two or three words: whether anything was lost. */
function verdict({ stats, gaps, status }: SessionSnapshot): string {
  if (gaps.length > 0) return plural(gaps.length, "gap");
  if (stats.recovered > 0) return `${count(stats.recovered)} recovered, none lost`;
  if (status !== "open") return stats.events > 0 ? "nothing lost so far" : "";
  return "nothing lost";
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function ConnectionLog({ connections }: { readonly connections: readonly ConnectionRecord[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="ls-table-scroll" aria-label="Connection log" tabIndex={0}>
      <table className="ls-table">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">opened</th>
            <th scope="col">resumed after</th>
            <th scope="col">events</th>
            <th scope="col">ended</th>
          </tr>
        </thead>
        <tbody>
          {connections.toReversed().map((each) => (
            <tr key={each.number} data-connection={each.number}>
              <td>{each.number}</td>
              <td>{each.openedAt === undefined ? "–" : clock(each.openedAt)}</td>
              <td>{each.after ?? "start"}</td>
              <td>{count(each.events)}</td>
              <td>{each.reason ?? (each.openedAt === undefined ? "connecting" : "open")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
