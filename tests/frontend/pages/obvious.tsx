/** The obvious way, to be measured beside ours: an EventSource, every event a change of state, the newest 200 as rows. */

import type { AgentEvent } from "@agui-lockstep/events";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

const TYPES = ["tool_call_started", "tool_call_args_delta"];

function Page() {
  const [events, setEvents] = useState<readonly AgentEvent[]>([]);
  const [status, setStatus] = useState("connecting");
  useEffect(() => {
    const source = new EventSource("/events/s1");
    source.onopen = () => setStatus("open");
    const add = ({ data }: MessageEvent<string>) => setEvents((before) => [...before, JSON.parse(data)]);
    for (const type of TYPES) source.addEventListener(type, add);
    return () => source.close();
  }, []);
  Object.assign(window, { snapshot: () => ({ stats: { events: events.length } }) });
  return (
    <>
      <output id="status">{status}</output>
      <output id="events">{events.length}</output>
      <table>
        <tbody>
          {events.slice(-200).map((event) => (
            <tr key={event.event_id}>
              <td>{event.timestamp}</td>
              <td>{event.type}</td>
              <td>{JSON.stringify(event.payload)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(<Page />);
