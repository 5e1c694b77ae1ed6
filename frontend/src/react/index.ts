export { AgentEventsProvider, type AgentEventsProviderProps } from "./provider.ts";
export type { SessionId } from "./session.ts";
export {
  type AgentEventEffect,
  type SelectorOptions,
  useAgentEventEffect,
  useAgentEvents,
  useAgentEventsSelector,
  useToolCall,
} from "./use-agent-events.ts";
