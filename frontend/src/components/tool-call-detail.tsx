"use client";
/** One tool call in detail, in tabs. */

import { useState } from "react";
import type { SessionSnapshot } from "../core/snapshot.ts";
import type { ToolCall } from "../core/tool-call.ts";
import { JsonView } from "./json-view.tsx";
import { partialJson } from "./partial-json.ts";
import { Tabs } from "./tabs.tsx";
import { clock, duration } from "./text.ts";
import { STATUS_WORDS } from "./tool-call-words.ts";

export interface ToolCallDetailProps {
  readonly call: ToolCall;
  readonly session: SessionSnapshot;
  readonly now: number;
  readonly redact?: ((value: unknown) => unknown) | undefined;
}

export function ToolCallDetail({ call, session, now, redact = (value) => value }: ToolCallDetailProps) {
  const problems = problemsOf(call, session);
  const [chosen, setChosen] = useState<string>();
  const tab = chosen ?? (call.endedAt === undefined ? "arguments" : "result");
  const tabs = [
    ["arguments", "Arguments"],
    ["result", "Result"],
    ["timing", "Timing"],
    ["raw", "Raw"],
    ["problems", problems.length > 0 ? `Problems ${problems.length}` : "Problems"],
  ] as const;
  return (
    <div className="ls-tool-detail">
      <header className="ls-tool-head">
        <h2>{call.name}</h2>
        <span>
          {STATUS_WORDS[call.status]}
          {call.agent && ` · ${call.agent}`}
        </span>
      </header>
      {call.error !== undefined && (
        <p className="ls-alert" role="note">
          <strong>Failed:</strong> {call.error}
        </p>
      )}
      <Tabs label={`${call.name} in detail`} tabs={tabs} chosen={tab} onChoose={setChosen}>
        {tab === "arguments" && <Arguments call={call} redact={redact} />}
        {tab === "result" && <Result call={call} redact={redact} />}
        {tab === "timing" && <Timing call={call} now={now} />}
        {tab === "raw" && <RawEvents call={call} session={session} />}
        {tab === "problems" && <Problems problems={problems} />}
      </Tabs>
    </div>
  );
}

interface PartProps {
  readonly call: ToolCall;
  readonly redact: (value: unknown) => unknown;
}

function Arguments({ call, redact }: PartProps) {
  const typing = call.status === "arguments";
  const value = call.args ?? partialJson(call.argsText);
  return (
    <>
      {typing && <p className="ls-hint">Being typed: {call.argsText.length} characters so far.</p>}
      {value === undefined ? (
        <pre className="ls-json">{call.argsText || "nothing yet"}</pre>
      ) : (
        <JsonView label="Arguments" value={redact(value)} />
      )}
      {typing && <pre className="ls-json ls-typing">{call.argsText.slice(-400)}</pre>}
    </>
  );
}

function Result({ call, redact }: PartProps) {
  if (call.endedAt === undefined) return <p className="ls-hint">No result yet.</p>;
  if (call.result !== undefined) return <JsonView label="Result" value={redact(call.result)} />;
  const parsed = typeof call.content === "string" ? partialJsonObject(call.content) : call.content;
  if (parsed !== undefined) return <JsonView label="Result" value={redact(parsed)} />;
  return <pre className="ls-json">{String(redact(call.content ?? "no content"))}</pre>;
}

/** Many tools answer with JSON as text. */
function partialJsonObject(text: string): unknown {
  return /^\s*[{[]/.test(text) ? partialJson(text) : undefined;
}

function Timing({ call, now }: { readonly call: ToolCall; readonly now: number }) {
  const end = call.endedAt ?? now;
  const marks: [string, number | undefined][] = [
    ["Called", call.startedAt],
    ["Arguments complete", call.argsCompletedAt],
    ["Execution began", call.executionStartedAt],
    ["Ended", call.endedAt],
  ];
  return (
    <dl className="ls-facts">
      {marks.map(([name, at]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{at === undefined ? "–" : `${clock(at)} (+${duration(at - call.startedAt)})`}</dd>
        </div>
      ))}
      <div>
        <dt>Took</dt>
        <dd>
          {duration(call.durationMs ?? end - call.startedAt)}
          {call.durationMs !== undefined && ", as the agent measured it"}
        </dd>
      </div>
    </dl>
  );
}

function RawEvents({ call, session }: { readonly call: ToolCall; readonly session: SessionSnapshot }) {
  const events = session.events.filter(
    (event) => (event.payload as { tool_call_id?: string }).tool_call_id === call.id,
  );
  return (
    <>
      <p className="ls-hint">
        {events.length === call.events
          ? `All ${events.length} events.`
          : `${events.length} of ${call.events} events are still kept.`}
      </p>
      {events.slice(-50).map((event) => (
        <JsonView key={event.event_id} label={event.type} value={event} />
      ))}
    </>
  );
}

function problemsOf(call: ToolCall, session: SessionSnapshot): readonly string[] {
  const rejected = session.quarantine.filter(({ text }) => text.includes(`"${call.id}"`));
  return [...call.problems, ...rejected.flatMap(({ faults }) => faults)];
}

function Problems({ problems }: { readonly problems: readonly string[] }) {
  if (problems.length === 0) return <p className="ls-hint">Every event of this call keeps the contract.</p>;
  return (
    <ul className="ls-problems">
      {problems.map((problem) => (
        <li key={problem}>{problem}</li>
      ))}
    </ul>
  );
}
