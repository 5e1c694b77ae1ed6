/** StrictMode and seven components of every kind on one session; `window.leave()` takes them away. */

import {
  AgentTimeline,
  ConnectionBadge,
  MetricsStrip,
  RunSummary,
  ToolCallInspector,
} from "@agui-lockstep/client/components";
import { useAgentEventEffect, useAgentEvents, useAgentEventsSelector, useToolCall } from "@agui-lockstep/client/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

const sessionId = "s1";
const heard: string[] = [];
const renders = { status: 0 };

function Count() {
  return <output id="count">{useAgentEvents(sessionId).events.length}</output>;
}

function Status() {
  renders.status++;
  return <output id="status">{useAgentEventsSelector(sessionId, (session) => session.status)}</output>;
}

function Call() {
  // Options as a new object in every render must not make a new connection.
  const call = useToolCall(sessionId, "c1", { headers: { "x-page": "seven" } });
  useAgentEventEffect(sessionId, ["tool_call_started", "tool_call_result"], (event) => heard.push(event.type));
  return <output id="call">{call?.status}</output>;
}

const root = createRoot(document.getElementById("root") as HTMLElement);
root.render(
  <StrictMode>
    <Count />
    <Status />
    <Call />
    <AgentTimeline sessionId={sessionId} />
    <ToolCallInspector sessionId={sessionId} />
    <ConnectionBadge sessionId={sessionId} />
    <MetricsStrip sessionId={sessionId} />
    <RunSummary sessionId={sessionId} />
  </StrictMode>,
);
Object.assign(window, { heard, renders, leave: () => root.unmount() });
