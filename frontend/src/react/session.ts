"use client";
/** The bridge between React's external stores and the page's clients. */

import { useCallback, useContext, useEffect, useRef } from "react";
import { AgentEventsClient } from "../core/client.ts";
import type { AgentEventsOptions } from "../core/options.ts";
import { clientKey, holdClient, peekClient } from "../core/registry.ts";
import type { SessionSnapshot } from "../core/snapshot.ts";
import { AgentEventsContext } from "./provider.ts";

/** No session yet; `null` and `undefined` switch the hooks off. */
export type SessionId = string | null | undefined;

export interface SessionStore {
  readonly options: AgentEventsOptions;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => SessionSnapshot;
  readonly getServerSnapshot: () => SessionSnapshot;
}

/**
 * Subscribing holds the client and unsubscribing lets go, so the number of subscribed components is the
 * reference count. Rendering only reads: renders that React throws away, and renders on the server, open nothing.
 */
export function useSession(sessionId: SessionId, own: AgentEventsOptions | undefined): SessionStore {
  const shared = useContext(AgentEventsContext);
  const options = own ? { ...shared, ...own } : shared;
  const key = sessionId ? clientKey(sessionId, options) : "";
  // Options may be a new object in every render: only the key decides which client is meant.
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
    peekClient(key)?.configure(options);
  });
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!sessionId) return () => {};
      const [client, release] = holdClient(sessionId, latest.current, key);
      const unsubscribe = client.subscribe(listener);
      return () => {
        unsubscribe();
        release();
      };
    },
    [sessionId, key],
  );
  const getServerSnapshot = () => idleSnapshot(sessionId ?? "", options);
  const getSnapshot = () => peekClient(key)?.getSnapshot() ?? getServerSnapshot();
  return { options, subscribe, getSnapshot, getServerSnapshot };
}

const NOTHING = {};
const idle = new WeakMap<object, Map<string, SessionSnapshot>>();

/** What is shown before anything is connected: `initialEvents`, or nothing. The same object every time. */
function idleSnapshot(sessionId: string, options: AgentEventsOptions): SessionSnapshot {
  const anchor = options.initialEvents ?? NOTHING;
  const snapshots = idle.get(anchor) ?? new Map<string, SessionSnapshot>();
  idle.set(anchor, snapshots);
  let snapshot = snapshots.get(sessionId);
  if (!snapshot) {
    snapshot = new AgentEventsClient(sessionId, options).getSnapshot();
    // On a long-lived server every session would stay here for ever.
    if (snapshots.size > 100) snapshots.clear();
    snapshots.set(sessionId, snapshot);
  }
  return snapshot;
}
