"use client";
/** Every event and every quarantined frame as it came, in a virtual table. */

import { type CSSProperties, useId, useMemo, useState } from "react";
import { JsonView } from "./json-view.tsx";
import { type SessionSource, useSessionSource } from "./source.ts";
import { clip, clock, count } from "./text.ts";
import { useVirtualRows } from "./virtual-rows.ts";

export type RawEventLogProps = SessionSource & { readonly className?: string | undefined };

interface RawRow {
  readonly key: string;
  readonly at: number;
  readonly type: string;
  readonly from: string;
  readonly text: () => string;
  readonly value: unknown;
}

const ROW = 26;

export function RawEventLog(props: RawEventLogProps) {
  const session = useSessionSource(props);
  const id = useId();
  const [source, setSource] = useState<"events" | "quarantine">("events");
  const [type, setType] = useState("");
  const [text, setText] = useState("");
  const [selected, setSelected] = useState<RawRow>();
  const { events, quarantine } = session;
  const all = useMemo(
    (): readonly RawRow[] =>
      source === "events"
        ? events.map((event) => ({
            key: event.event_id,
            at: Date.parse(event.timestamp),
            type: event.type,
            from: "agent" in event ? (event.agent ?? "") : "",
            text: () => JSON.stringify(event.payload),
            value: event,
          }))
        : quarantine.map((frame) => ({
            key: `${frame.number}`,
            at: frame.at,
            type: frame.kind,
            from: frame.id ?? "",
            text: () => `${frame.faults.join("; ")} — ${frame.text}`,
            value: frame,
          })),
    [source, events, quarantine],
  );
  const rows = useMemo(() => {
    const needle = text.toLowerCase();
    return all.filter(
      (row) =>
        (type === "" || row.type === type) &&
        (needle === "" || `${row.type} ${row.from} ${row.text()}`.toLowerCase().includes(needle)),
    );
  }, [all, type, text]);
  const types = Object.keys(session.metrics.byType).sort();
  const list = useVirtualRows(rows.length, ROW, true);

  return (
    <section className={`ls ls-raw ${props.className ?? ""}`} aria-label="Raw events">
      <div className="ls-toolbar">
        <select
          className="ls-input"
          aria-label="Source"
          value={source}
          onChange={(event) => setSource(event.target.value as "events")}
        >
          <option value="events">Events {count(events.length)}</option>
          <option value="quarantine">Quarantine {count(quarantine.length)}</option>
        </select>
        <select className="ls-input" aria-label="Type" value={type} onChange={(event) => setType(event.target.value)}>
          <option value="">All types</option>
          {types.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <input
          type="search"
          className="ls-input"
          aria-label="Search in events"
          placeholder="Search"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="ls-toolbar-count">{count(rows.length)} shown</span>
        {!list.following && (
          <button type="button" className="ls-button" onClick={list.follow}>
            Follow
          </button>
        )}
      </div>
      <div className="ls-raw-body">
        <div
          ref={list.container}
          className="ls-raw-scroll"
          role="listbox"
          aria-label="Events"
          tabIndex={0}
          onScroll={list.onScroll}
          aria-activedescendant={selected && `${id}-${selected.key}`}
          onKeyDown={(event) => {
            const at = rows.findIndex((row) => row.key === selected?.key);
            const targets: Record<string, number> = {
              ArrowDown: at + 1,
              ArrowUp: at - 1,
              Home: 0,
              End: rows.length - 1,
            };
            const target = targets[event.key];
            const row = target === undefined ? undefined : rows[target];
            if (target === undefined || !row) return;
            event.preventDefault();
            setSelected(row);
            list.reveal(target);
          }}
        >
          <div role="presentation" style={{ height: list.totalHeight }}>
            <div
              role="presentation"
              style={{ transform: `translateY(${list.offset}px)`, "--ls-row": `${ROW}px` } as CSSProperties}
            >
              {rows.slice(list.first, list.end).map((row, position) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox handles the keys
                // biome-ignore lint/a11y/useFocusableInteractive: the listbox owns the focus
                <div
                  key={list.slotOf(list.first + position)}
                  id={`${id}-${row.key}`}
                  role="option"
                  className="ls-raw-row"
                  aria-selected={row.key === selected?.key}
                  aria-posinset={list.first + position + 1}
                  aria-setsize={rows.length}
                  onClick={() => setSelected(row)}
                >
                  <time>{clock(row.at)}</time>
                  <span className="ls-raw-type">{row.type}</span>
                  <span className="ls-raw-text">{clip(row.text(), 240)}</span>
                </div>
              ))}
            </div>
          </div>
        </div>
        {selected && <JsonView label="Selected event" value={selected.value} />}
      </div>
    </section>
  );
}
