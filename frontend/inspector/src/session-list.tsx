/** The sessions that the server knows. */

import type { SessionInfo } from "./server.ts";

export interface SessionListProps {
  readonly sessions: readonly SessionInfo[];
  readonly chosen: string | undefined;
  readonly onChoose: (sessionId: string) => void;
}

/** Newer than this counts as live. */
const LIVE_MS = 15_000;

export function SessionList({ sessions, chosen, onChoose }: SessionListProps) {
  return (
    <nav className="sessions" aria-label="Sessions">
      <h2>Sessions</h2>
      {sessions.length === 0 && <p className="hint">None yet. Publish to any session and it appears here.</p>}
      <ul>
        {sessions.map(({ session_id, events, last_activity }) => (
          <li key={session_id}>
            <button type="button" aria-current={session_id === chosen} onClick={() => onChoose(session_id)}>
              <span className="dot" data-live={isLive(last_activity)} aria-hidden="true" />
              <span className="session-name">{session_id}</span>
              <span className="session-count">{events.toLocaleString("en-US")}</span>
              {isLive(last_activity) && <span className="ls-hidden">live</span>}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function isLive(lastActivity: number): boolean {
  return Date.now() - lastActivity * 1000 < LIVE_MS;
}
