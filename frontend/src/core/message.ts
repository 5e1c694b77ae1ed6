/** Messages, reasoning and activities: what was said, as far as it has arrived. */

import type { AgentEvent } from "@agui-lockstep/events";
import { type Origin, originOf, timeOf } from "./origin.ts";
import { patched } from "./state.ts";
import type { Folds, SessionView } from "./view.ts";

export interface Message extends Origin {
  readonly id: string;
  kind: "message" | "reasoning" | "activity";
  role: string;
  status: "streaming" | "completed";
  text: string;
  /** Anything but text: content parts of a message, the content of an activity. */
  content?: unknown;
  /** The name of an activity. */
  activityType?: string;
}

type Kind = Message["kind"];

/** The row, made up when its start is not here, for example because it was evicted. */
function open(view: SessionView, event: AgentEvent, id: string, kind: Kind, role: string): Message {
  const row =
    view.messages.edit(id) ??
    view.messages.put(id, { ...originOf(event, view.order), id, kind, role, status: "streaming", text: "" });
  row.events += view.count;
  return row;
}

function close(row: Message, event: AgentEvent): void {
  row.status = "completed";
  row.endedAt = timeOf(event);
}

function add(view: SessionView, event: AgentEvent, id: string, kind: Kind, role: string, delta: string): void {
  open(view, event, id, kind, role).text += delta;
}

/** A chunk opens, continues and, by the next id, closes a message; only the first needs the id. */
function chunk(view: SessionView, event: AgentEvent, kind: Kind, role: string, id?: string, delta = ""): void {
  const before = view.chunks.get(kind);
  const current = id ?? before;
  if (current === undefined) return;
  if (before !== undefined && before !== current) {
    const row = view.messages.edit(before);
    if (row) close(row, event);
  }
  view.chunks.set(kind, current);
  add(view, event, current, kind, role, delta);
}

export const messageFolds: Folds = {
  agent_message_started: (view, event) => {
    open(view, event, event.payload.message_id, "message", event.payload.role ?? "assistant");
  },
  agent_message_delta: (view, event) =>
    add(view, event, event.payload.message_id, "message", "assistant", event.payload.delta),
  agent_message_completed: (view, event) =>
    close(open(view, event, event.payload.message_id, "message", "assistant"), event),
  agent_message_chunk: (view, event) => {
    const { message_id, role = "assistant", delta } = event.payload;
    chunk(view, event, "message", role, message_id, delta);
  },
  reasoning_message_started: (view, event) => {
    open(view, event, event.payload.message_id, "reasoning", "reasoning");
  },
  reasoning_message_delta: (view, event) =>
    add(view, event, event.payload.message_id, "reasoning", "reasoning", event.payload.delta),
  reasoning_message_completed: (view, event) =>
    close(open(view, event, event.payload.message_id, "reasoning", "reasoning"), event),
  reasoning_message_chunk: (view, event) =>
    chunk(view, event, "reasoning", "reasoning", event.payload.message_id, event.payload.delta),
  reasoning_started: () => {},
  reasoning_completed: () => {},
  reasoning_encrypted_value: () => {},
  messages_snapshot: (view, event) => {
    const kept = new Set(event.payload.messages.map((message) => message.id));
    for (const { id } of view.messages.where((row) => row.kind !== "reasoning" && !kept.has(row.id)))
      view.messages.delete(id);
    for (const { id, role, content } of event.payload.messages) {
      const kind = role === "activity" || role === "reasoning" ? role : "message";
      const row = open(view, event, id, kind, role);
      const text = typeof content === "string" ? content : "";
      Object.assign(row, { kind, role, text, status: "completed", endedAt: row.endedAt ?? timeOf(event) });
      if (content !== undefined && text !== content) row.content = content;
    }
  },
  activity_snapshot: (view, event) => {
    const { message_id: id, activity_type: activityType, content, replace = true } = event.payload;
    const known = view.messages.has(id);
    const row = open(view, event, id, "activity", "activity");
    if (replace || !known) Object.assign(row, { activityType, content });
  },
  activity_delta: (view, event) => {
    const { message_id: id, activity_type: activityType, patch } = event.payload;
    const row = open(view, event, id, "activity", "activity");
    Object.assign(row, { activityType, content: patched(row.content ?? {}, patch) ?? row.content });
  },
};
