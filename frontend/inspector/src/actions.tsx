/** The buttons that put the bus to the test. */

import type { SessionSnapshot } from "@agui-lockstep/client";
import { useRef, useState } from "react";
import { burst } from "./burst.ts";
import { download, type Imported, importFile } from "./jsonl.ts";
import type { Theme } from "./theme.ts";

export interface ActionsProps {
  readonly session: SessionSnapshot;
  readonly sessionId: string | undefined;
  readonly viewer: boolean;
  readonly onViewer: (open: boolean) => void;
  readonly onImport: (imported: Imported) => void;
  readonly onError: (message: string) => void;
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
}

/** How long a killed connection stays away: long enough to miss something. */
const AWAY_MS = 3000;

export function Actions(props: ActionsProps) {
  const { session, sessionId, viewer, onViewer, onImport, onError, theme, onTheme } = props;
  const file = useRef<HTMLInputElement>(null);
  const [bursting, setBursting] = useState(false);
  const runBurst = async () => {
    if (!sessionId) return;
    setBursting(true);
    await burst(sessionId).catch((error) => onError(String(error)));
    setBursting(false);
  };
  return (
    <div className="actions" role="toolbar" aria-label="Actions">
      <button
        type="button"
        className="ls-button"
        disabled={!session.isConnected}
        onClick={() => session.dropFor(AWAY_MS)}
      >
        Kill connection
      </button>
      <button type="button" className="ls-button" disabled={bursting || !sessionId} onClick={runBurst}>
        {bursting ? "Bursting …" : "Burst 10k"}
      </button>
      <button
        type="button"
        className="ls-button"
        aria-pressed={viewer}
        disabled={!sessionId}
        onClick={() => onViewer(!viewer)}
      >
        Second viewer
      </button>
      <button
        type="button"
        className="ls-button"
        disabled={session.events.length === 0}
        onClick={() => download(session.sessionId ?? "session", session.events)}
      >
        Export
      </button>
      <button type="button" className="ls-button" onClick={() => file.current?.click()}>
        Import
      </button>
      <input
        ref={file}
        type="file"
        hidden
        accept=".jsonl,.ndjson,application/x-ndjson"
        onChange={async ({ target }) => {
          const [chosen] = target.files ?? [];
          target.value = "";
          if (chosen) await importFile(chosen).then(onImport, (error) => onError(String(error)));
        }}
      />
      <select
        className="ls-input theme"
        aria-label="Theme"
        value={theme}
        onChange={({ target }) => onTheme(target.value as Theme)}
      >
        <option value="system">System</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </div>
  );
}
