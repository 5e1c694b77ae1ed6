/** AG-UI agents that can be left and found again. Needs `@ag-ui/client`, version 1. */

export { LockstepAgent, type LockstepAgentConfig } from "./agent.ts";
