"use client";
/** The hooks: a session's events and what they say, one connection for all of them. */

import type { AgentEvent, EventBase } from "@agui-lockstep/events";
import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import type { AgentEventsOptions } from "../core/options.ts";
import { holdClient } from "../core/registry.ts";
import type { SessionSnapshot } from "../core/snapshot.ts";
import type { ToolCall } from "../core/tool-call.ts";
import { type SessionId, useSession } from "./session.ts";

/**
 * Follows a session. Renders at most once per frame, however many events arrive.
 * Any number of components may call it for the same session: they share one connection.
 */
export function useAgentEvents<Known extends EventBase = AgentEvent>(
  sessionId: SessionId,
  options?: AgentEventsOptions<Known>,
): SessionSnapshot<Known>;
export function useAgentEvents(sessionId: SessionId, options?: AgentEventsOptions): SessionSnapshot {
  const session = useSession(sessionId, options);
  return useSyncExternalStore(session.subscribe, session.getSnapshot, session.getServerSnapshot);
}

export interface SelectorOptions<T, Known extends EventBase = AgentEvent> extends AgentEventsOptions<Known> {
  /** When two selections count as the same. Default `Object.is`. */
  readonly isEqual?: ((left: T, right: T) => boolean) | undefined;
}

/** One part of a session; renders only when that part changes. */
export function useAgentEventsSelector<T, Known extends EventBase = AgentEvent>(
  sessionId: SessionId,
  selector: (snapshot: SessionSnapshot<Known>) => T,
  options?: SelectorOptions<T, Known>,
): T;
export function useAgentEventsSelector<T>(
  sessionId: SessionId,
  selector: (snapshot: SessionSnapshot) => T,
  { isEqual = Object.is, ...options }: SelectorOptions<T> = {},
): T {
  const session = useSession(sessionId, options);
  const last = useRef<{ snapshot: SessionSnapshot; selector: typeof selector; value: T } | undefined>(undefined);
  const select = (snapshot: SessionSnapshot): T => {
    const before = last.current;
    if (before?.snapshot === snapshot && before.selector === selector) return before.value;
    const selected = selector(snapshot);
    const value = before && isEqual(before.value, selected) ? before.value : selected;
    last.current = { snapshot, selector, value };
    return value;
  };
  return useSyncExternalStore(
    session.subscribe,
    () => select(session.getSnapshot()),
    () => select(session.getServerSnapshot()),
  );
}

/** One tool call; the same object while other calls change. */
export function useToolCall(
  sessionId: SessionId,
  toolCallId: string | null | undefined,
  options?: AgentEventsOptions<EventBase>,
): ToolCall | undefined {
  const find = useCallback(
    (snapshot: SessionSnapshot<EventBase>) => snapshot.toolCalls.find((call) => call.id === toolCallId),
    [toolCallId],
  );
  return useAgentEventsSelector<ToolCall | undefined, EventBase>(sessionId, find, options);
}

/** `replayed` is true for what was published before the connection opened. */
export type AgentEventEffect<Type extends Known["type"], Known extends EventBase = AgentEvent> = (
  event: Extract<Known, { readonly type: Type }>,
  info: { readonly replayed: boolean },
) => void;

/** Runs `effect` for every event of the given types, once each, without rendering. */
export function useAgentEventEffect<Type extends Known["type"], Known extends EventBase = AgentEvent>(
  sessionId: SessionId,
  types: Type | readonly Type[],
  effect: AgentEventEffect<Type, Known>,
  options?: AgentEventsOptions<Known>,
): void;
export function useAgentEventEffect<Type extends AgentEvent["type"]>(
  sessionId: SessionId,
  types: Type | readonly Type[],
  effect: AgentEventEffect<Type>,
  options?: AgentEventsOptions,
): void {
  const session = useSession(sessionId, options);
  const latest = useRef({ types, effect, options: session.options });
  useEffect(() => {
    latest.current = { types, effect, options: session.options };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `subscribe` stands for the session and its address
  useEffect(() => {
    if (!sessionId) return;
    const [client, release] = holdClient(sessionId, latest.current.options);
    const unlisten = client.listen((event: AgentEvent, info) => {
      const { types, effect } = latest.current;
      if (([] as readonly string[]).concat(types).includes(event.type)) {
        effect(event as Extract<AgentEvent, { readonly type: Type }>, info);
      }
    });
    return () => {
      unlisten();
      release();
    };
  }, [sessionId, session.subscribe]);
}
