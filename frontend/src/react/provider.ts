"use client";
/** Options for every hook below, so that the address and the token are written once. */

import type { EventBase } from "@agui-lockstep/events";
import { createContext, createElement, type ReactNode } from "react";
import type { AgentEventsOptions } from "../core/options.ts";

export const AgentEventsContext = createContext<AgentEventsOptions>({});

export interface AgentEventsProviderProps extends AgentEventsOptions<EventBase> {
  readonly children?: ReactNode;
}

export function AgentEventsProvider({ children, ...options }: AgentEventsProviderProps) {
  return createElement(AgentEventsContext.Provider, { value: options as AgentEventsOptions }, children);
}
