/** The inspector: one session at a time, from every side. */

import {
  AgentTimeline,
  Announcer,
  ConnectionBadge,
  MetricsStrip,
  RunSummary,
  ToolCallInspector,
} from "@agui-lockstep/client/components";
import { useAgentEvents } from "@agui-lockstep/client/react";
import { useEffect, useState } from "react";
import { Actions } from "./actions.tsx";
import { isEmbedded, useSessionInAddress } from "./address.ts";
import { anyContract } from "./any-contract.ts";
import { Conversation } from "./conversation.tsx";
import { Drawer } from "./drawer.tsx";
import type { Imported } from "./jsonl.ts";
import { Panes } from "./panes.tsx";
import { BASE_URL, fetchSessions } from "./server.ts";
import { SessionList } from "./session-list.tsx";
import { useTheme } from "./theme.ts";
import { usePolled } from "./use-polled.ts";

const OPTIONS = { baseUrl: BASE_URL, contract: anyContract };

/** The first value that is not undefined, for good. */
function useFirst<T>(value: T | undefined): T | undefined {
  const [first, setFirst] = useState(value);
  if (first === undefined && value !== undefined) setFirst(value);
  return first;
}

export function Inspector() {
  const [chosen, choose] = useSessionInAddress();
  const sessions = usePolled(fetchSessions, 3000);
  const [theme, setTheme] = useTheme();
  const [imported, setImported] = useState<Imported>();
  const [notice, setNotice] = useState("");
  const [viewer, setViewer] = useState(false);
  const [pane, setPane] = useState("timeline");
  const [selected, setSelected] = useState<string>();
  // The server lists the latest activity first; the choice stays when another session becomes busier.
  const first = useFirst(sessions.value?.[0]?.session_id);
  const sessionId = chosen ?? first;
  const live = useAgentEvents(imported ? null : sessionId, OPTIONS);
  const session = imported?.session ?? live;
  const title = imported?.name ?? sessionId ?? "no session";
  useEffect(() => {
    document.title = `${title} · Lockstep inspector`;
  }, [title]);

  const select = (key: string) => {
    setSelected(key);
    if (key.startsWith("tool:")) setPane("tools");
  };
  const toolCallId = selected?.startsWith("tool:") ? selected.slice(5) : undefined;

  return (
    <div className="page ls" data-embedded={isEmbedded}>
      <header className="top">
        <h1>
          <span className="brand">Lockstep</span> <span className="session-title">{title}</span>
        </h1>
        <ConnectionBadge session={session} />
        {!isEmbedded && (
          <Actions
            session={session}
            sessionId={imported ? undefined : sessionId}
            viewer={viewer}
            onViewer={setViewer}
            onImport={setImported}
            onError={setNotice}
            theme={theme}
            onTheme={setTheme}
          />
        )}
      </header>
      {imported && (
        <p className="notice">
          Showing the file {imported.name}
          {imported.rejected > 0 && `, without ${imported.rejected} lines that are not events`}.{" "}
          <button type="button" className="ls-button" onClick={() => setImported(undefined)}>
            Back to the live session
          </button>
        </p>
      )}
      {notice && (
        <p className="notice ls-alert">
          {notice}{" "}
          <button type="button" className="ls-button" onClick={() => setNotice("")}>
            Dismiss
          </button>
        </p>
      )}
      <div className="band">
        <RunSummary session={session} onSelect={select} />
      </div>
      <MetricsStrip session={session} />
      <Announcer session={session} />
      <Panes
        chosen={pane}
        onChoose={setPane}
        panes={[
          {
            name: "chat",
            label: "Chat",
            content: (
              <>
                {!isEmbedded && <SessionList sessions={sessions.value ?? []} chosen={sessionId} onChoose={choose} />}
                <Conversation session={session} onSelectTool={(id) => select(`tool:${id}`)} />
              </>
            ),
          },
          {
            name: "timeline",
            label: "Timeline",
            content: <AgentTimeline session={session} selected={selected} onSelect={(row) => setSelected(row.key)} />,
          },
          {
            name: "tools",
            label: "Tools",
            content: (
              <>
                {viewer && sessionId ? (
                  <iframe
                    className="viewer"
                    title="Second viewer of the same session"
                    src={`?viewer&session=${encodeURIComponent(sessionId)}`}
                  />
                ) : (
                  <ToolCallInspector
                    session={session}
                    toolCallId={toolCallId}
                    onSelect={(id) => setSelected(`tool:${id}`)}
                  />
                )}
              </>
            ),
          },
          { name: "details", label: "Details", content: <Drawer session={session} /> },
        ]}
      />
    </div>
  );
}
