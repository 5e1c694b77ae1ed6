/** The brief's example, as it stands there. */

import { useAgentEvents } from "@agui-lockstep/client/react";
import { isToolCallStartedEvent } from "@agui-lockstep/events";
import { createRoot } from "react-dom/client";

function Tools({ sessionId }: { readonly sessionId: string }) {
  const { events, isConnected } = useAgentEvents(sessionId);
  const names: string[] = [];
  // events is typed as AgentEvent[]
  events.forEach((event) => {
    if (isToolCallStartedEvent(event)) {
      names.push(event.payload.tool_name);
    }
  });
  return <output data-connected={isConnected}>{names.join(", ")}</output>;
}

createRoot(document.getElementById("root") as HTMLElement).render(<Tools sessionId="s1" />);
