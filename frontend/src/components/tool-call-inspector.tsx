"use client";
/** Every tool call, and one of them in detail: arguments as they are typed, result, timing, raw events. */

import { type KeyboardEvent, useId, useState } from "react";
import type { ToolCall } from "../core/tool-call.ts";
import { Icon } from "./icon.tsx";
import { useNow } from "./now.ts";
import { type SessionSource, useSessionSource } from "./source.ts";
import { duration } from "./text.ts";
import { ToolCallDetail } from "./tool-call-detail.tsx";
import { CALL_STATUS, STATUS_WORDS } from "./tool-call-words.ts";

export type ToolCallInspectorProps = SessionSource & {
  /** The call shown in detail. Default: the newest that failed, else the newest. */
  readonly toolCallId?: string | undefined;
  readonly onSelect?: ((toolCallId: string) => void) | undefined;
  /** Hides secrets before arguments and results are shown. */
  readonly redact?: ((value: unknown) => unknown) | undefined;
  readonly className?: string | undefined;
};

export function ToolCallInspector(props: ToolCallInspectorProps) {
  const { toolCallId, onSelect, redact, className = "" } = props;
  const session = useSessionSource(props);
  const id = useId();
  const [own, setOwn] = useState<string>();
  const calls = session.toolCalls;
  const running = calls.some((call) => call.endedAt === undefined);
  const now = useNow(Date.parse(session.metrics.lastTimestamp ?? "") || 0, running);
  const chosen = toolCallId ?? own;
  const selected =
    calls.find((call) => call.id === chosen) ?? calls.findLast((call) => call.status === "error") ?? calls.at(-1);
  const select = (call: ToolCall | undefined) => {
    if (!call) return;
    setOwn(call.id);
    onSelect?.(call.id);
    document.getElementById(`${id}-${call.id}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = selected ? calls.indexOf(selected) : -1;
    const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: calls.length - 1 };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    select(calls[target]);
  };
  // Thousands of calls would be thousands of elements; the timeline has them all.
  const listed = calls.slice(-MAX_LISTED);

  return (
    <section className={`ls ls-tools ${className}`} aria-label="Tool calls">
      {calls.length === 0 && <p className="ls-empty">No tool has been called.</p>}
      {calls.length > listed.length && (
        <p className="ls-hint">
          The newest {listed.length} of {calls.length}.
        </p>
      )}
      {calls.length > 0 && (
        <div className="ls-tool-list" role="listbox" aria-label="Tool calls" onKeyDown={onKeyDown}>
          {listed.map((call) => (
            <ToolCallItem
              key={call.id}
              id={`${id}-${call.id}`}
              call={call}
              now={now}
              selected={call === selected}
              onSelect={select}
            />
          ))}
        </div>
      )}
      {selected && <ToolCallDetail key={selected.id} call={selected} session={session} now={now} redact={redact} />}
    </section>
  );
}

const MAX_LISTED = 100;

interface ToolCallItemProps {
  readonly id: string;
  readonly call: ToolCall;
  readonly now: number;
  readonly selected: boolean;
  readonly onSelect: (call: ToolCall) => void;
}

function ToolCallItem({ id, call, now, selected, onSelect }: ToolCallItemProps) {
  const status = CALL_STATUS[call.status];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox handles the keys
    <div
      id={id}
      role="option"
      className="ls-tool-item"
      aria-selected={selected}
      tabIndex={selected ? 0 : -1}
      data-status={status}
      onClick={() => onSelect(call)}
    >
      <Icon name={status} />
      <span className="ls-tool-name">{call.name}</span>
      <span className="ls-tool-state">{STATUS_WORDS[call.status]}</span>
      <span className="ls-tool-took">{duration(call.durationMs ?? (call.endedAt ?? now) - call.startedAt)}</span>
      {call.error !== undefined && <span className="ls-tool-error">{call.error}</span>}
    </div>
  );
}
