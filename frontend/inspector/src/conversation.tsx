/** What was said: messages, reasoning and tool calls in between, newest at the bottom. */

import type { Message, SessionSnapshot, ToolCall } from "@agui-lockstep/client";
import { useEffect, useRef } from "react";

/** Entries shown; more would make the page slow, and the timeline has all of them. */
const SHOWN = 60;

export interface ConversationProps {
  readonly session: SessionSnapshot;
  readonly onSelectTool: (toolCallId: string) => void;
}

type Entry = { readonly order: number } & ({ readonly message: Message } | { readonly call: ToolCall });

export function Conversation({ session, onSelectTool }: ConversationProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const entries: Entry[] = [
    ...session.messages.slice(-SHOWN).map((message) => ({ order: message.order, message })),
    ...session.toolCalls.slice(-SHOWN).map((call) => ({ order: call.order, call })),
  ].sort((left, right) => left.order - right.order);

  // biome-ignore lint/correctness/useExhaustiveDependencies: follows every change of what is shown
  useEffect(() => {
    if (atEnd.current && scroll.current) scroll.current.scrollTop = scroll.current.scrollHeight;
  }, [session.messages, session.toolCalls]);

  return (
    <section
      ref={scroll}
      className="conversation"
      aria-label="Conversation"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 40;
      }}
    >
      {entries.length === 0 && <p className="hint">Nothing has been said.</p>}
      {entries.slice(-SHOWN).map((entry) =>
        "message" in entry ? (
          <MessageView key={`m${entry.message.id}`} message={entry.message} />
        ) : (
          <button
            key={`t${entry.call.id}`}
            type="button"
            className="said-tool"
            data-status={entry.call.status}
            onClick={() => onSelectTool(entry.call.id)}
          >
            <code>{entry.call.name}</code> <span>{entry.call.error ?? STATE[entry.call.status]}</span>
          </button>
        ),
      )}
    </section>
  );
}

const STATE: Record<ToolCall["status"], string> = {
  arguments: "typing …",
  called: "called",
  running: "running …",
  success: "done",
  error: "failed",
  cancelled: "cancelled",
  unknown: "unknown",
};

function MessageView({ message }: { readonly message: Message }) {
  const { kind, role, text, status, content, activityType } = message;
  if (kind === "reasoning") {
    return (
      <details className="said" data-role="reasoning" open={status === "streaming"}>
        <summary>Reasoning</summary>
        <p>{text}</p>
      </details>
    );
  }
  return (
    <article className="said" data-role={role}>
      <h3>{activityType ?? role}</h3>
      <p data-streaming={status === "streaming"}>{text || (content === undefined ? "…" : JSON.stringify(content))}</p>
    </article>
  );
}
