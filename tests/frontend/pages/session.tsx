/** One session with the timeline; the tests read its snapshot from `window.snapshot()`. */

import { AgentTimeline, ConnectionBadge } from "@agui-lockstep/client/components";
import { AgentEventsProvider, useAgentEvents } from "@agui-lockstep/client/react";
import { createRoot } from "react-dom/client";

const query = new URL(location.href).searchParams;
const sessionId = query.get("session") ?? "s1";
const options = { retry: { baseMs: 10, maxMs: 50 }, maxEvents: 50_000, flush: { hiddenMs: 50 } };

function Page() {
  const session = useAgentEvents(sessionId);
  Object.assign(window, { snapshot: () => session });
  return (
    <>
      <ConnectionBadge session={session} />
      <output id="status">{session.status}</output>
      <output id="error">{session.error?.message}</output>
      <output id="events">{session.stats.events}</output>
      <div style={{ height: 600, display: "grid" }}>
        <AgentTimeline session={session} />
      </div>
    </>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <AgentEventsProvider {...options}>
    <Page />
  </AgentEventsProvider>,
);
