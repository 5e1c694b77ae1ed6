/** How the states of a tool call look and read. */

import type { ToolCallStatus } from "../core/tool-call.ts";
import type { RowStatus } from "./timeline-row.ts";

export const CALL_STATUS: Record<ToolCallStatus, RowStatus> = {
  arguments: "running",
  called: "running",
  running: "running",
  success: "ok",
  error: "failed",
  cancelled: "stopped",
  unknown: "stopped",
};

export const STATUS_WORDS: Record<ToolCallStatus, string> = {
  arguments: "typing arguments",
  called: "called",
  running: "running",
  success: "done",
  error: "failed",
  cancelled: "cancelled",
  unknown: "outcome unknown",
};
