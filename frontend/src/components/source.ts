"use client";
/** Where a component takes its session from: a snapshot that it is given, or a session that it follows. */

// What every component shows comes from the fold: it is part of their code, and there in their first render.
import "../core/fold-now.ts";
import type { EventBase } from "@agui-lockstep/events";
import type { AgentEventsOptions } from "../core/options.ts";
import type { SessionSnapshot } from "../core/snapshot.ts";
import type { SessionId } from "../react/session.ts";
import { useAgentEvents } from "../react/use-agent-events.ts";

export type SessionSource =
  | { readonly session: SessionSnapshot<EventBase>; readonly sessionId?: never; readonly options?: never }
  | {
      readonly session?: never;
      readonly sessionId: SessionId;
      readonly options?: AgentEventsOptions<EventBase> | undefined;
    };

export function useSessionSource({ session, sessionId, options }: SessionSource): SessionSnapshot {
  const followed = useAgentEvents(session ? null : sessionId, options);
  // Components show what the fold made, and events of types that they do not know as any other.
  return (session ?? followed) as SessionSnapshot;
}
