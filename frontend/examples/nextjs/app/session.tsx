"use client";

import { AgentTimeline, ConnectionBadge, RunSummary, ToolCallInspector } from "@agui-lockstep/client/components";
import { useAgentEvents } from "@agui-lockstep/client/react";
import { isToolCallStartedEvent } from "@agui-lockstep/events";

export function Session({ sessionId }: { readonly sessionId: string }) {
  const session = useAgentEvents(sessionId);
  const tools = session.events.filter(isToolCallStartedEvent).map((event) => event.payload.tool_name);
  return (
    <main
      style={{
        display: "grid",
        gridTemplateRows: "auto auto 1fr",
        gap: 12,
        height: "100dvh",
        padding: 12,
        boxSizing: "border-box",
      }}
    >
      <h1 style={{ margin: 0, fontSize: 18 }}>Session {sessionId}</h1>
      <header style={{ display: "flex", flexWrap: "wrap", gap: 12 }}>
        <ConnectionBadge session={session} />
        <RunSummary session={session} />
        <p style={{ margin: 0 }}>
          Tools so far: <output>{tools.join(", ") || "none"}</output>
        </p>
      </header>
      <div style={{ display: "grid", gridTemplateColumns: "minmax(0, 2fr) minmax(0, 1fr)", gap: 12, minHeight: 0 }}>
        <AgentTimeline session={session} />
        <ToolCallInspector session={session} />
      </div>
    </main>
  );
}
