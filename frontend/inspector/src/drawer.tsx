/** The lower pane: raw events, the agent's state, and the contract. */

import type { SessionSnapshot } from "@agui-lockstep/client";
import { JsonView, RawEventLog } from "@agui-lockstep/client/components";
import { lazy, Suspense, useState } from "react";

/** The generated sources are half a megabyte: loaded when somebody looks. */
const Provenance = lazy(async () => ({ default: (await import("./provenance.tsx")).Provenance }));

const TABS = [
  ["events", "Raw events"],
  ["state", "State"],
  ["contract", "Contract"],
] as const;

export function Drawer({ session }: { readonly session: SessionSnapshot }) {
  const [tab, setTab] = useState<(typeof TABS)[number][0]>("events");
  return (
    <div className="drawer">
      <nav className="drawer-tabs" aria-label="Details">
        {TABS.map(([name, label]) => (
          <button key={name} type="button" aria-current={name === tab} onClick={() => setTab(name)}>
            {label}
          </button>
        ))}
      </nav>
      {tab === "events" && <RawEventLog session={session} />}
      {tab === "state" && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="ls state" aria-label="State" tabIndex={0}>
          {session.stateStale && <p className="ls-alert">A change did not fit: this is the last good state.</p>}
          {session.state === undefined ? (
            <p className="hint">The agent shares no state.</p>
          ) : (
            <JsonView label="State" value={session.state} />
          )}
        </section>
      )}
      {tab === "contract" && (
        <Suspense fallback={<p className="hint">Loading the contract …</p>}>
          <Provenance newest={session.events.at(-1)?.type} />
        </Suspense>
      )}
    </div>
  );
}
