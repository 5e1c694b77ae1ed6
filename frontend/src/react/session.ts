"use client";
/** The bridge between React's external stores and the page's clients. */

import { useCallback, useContext, useEffect, useMemo, useRef } from "react";
import { createClient } from "../core/client.ts";
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
  // What is shown before anything is connected, and on the server: `initialEvents`, or nothing.
  const { initialEvents } = options;
  // biome-ignore lint/correctness/useExhaustiveDependencies: nothing else of the options is ever shown
  const idle = useMemo(() => createClient(sessionId ?? "", options), [sessionId, initialEvents]);
  useEffect(() => {
    latest.current = options;
    peekClient(key)?.configure(options);
  });
  const unconnected = sessionId ? undefined : idle;
  const subscribe = useCallback(
    (listener: () => void) => {
      if (unconnected) return unconnected.subscribe(listener);
      const [client, release] = holdClient(sessionId as string, latest.current, key);
      const unsubscribe = client.subscribe(listener);
      return () => {
        unsubscribe();
        release();
      };
    },
    [sessionId, key, unconnected],
  );
  const getSnapshot = () => (peekClient(key) ?? idle).getSnapshot();
  return { options, subscribe, getSnapshot, getServerSnapshot: idle.getSnapshot };
}
