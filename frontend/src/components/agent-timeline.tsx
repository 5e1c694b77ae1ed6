"use client";
/** What an agent does, as a live waterfall or list. */

import { type CSSProperties, useId, useMemo, useState } from "react";
import { useNow } from "./now.ts";
import { type SessionSource, useSessionSource } from "./source.ts";
import { axisTime } from "./text.ts";
import type { TimelineRow } from "./timeline-row.ts";
import { TimelineRowView } from "./timeline-row-view.tsx";
import { TimelineRuler } from "./timeline-ruler.tsx";
import { TimelineToolbar } from "./timeline-toolbar.tsx";
import { timescale } from "./timescale.ts";
import { useTimelineKeys, useTimelineRows } from "./use-timeline.ts";
import { useVirtualRows } from "./virtual-rows.ts";

export type AgentTimelineProps = SessionSource & {
  readonly view?: "waterfall" | "list" | undefined;
  /** Row height, px; 28 suits a mouse, 44 a finger. Default 30. */
  readonly density?: number | undefined;
  /** Key of the selected row, `tool:<id>` for a tool call. */
  readonly selected?: string | undefined;
  readonly onSelect?: ((row: TimelineRow) => void) | undefined;
  readonly className?: string | undefined;
};

export function AgentTimeline(props: AgentTimelineProps) {
  const { density = 30, selected, onSelect, className = "" } = props;
  const session = useSessionSource(props);
  const id = useId();
  const [chosenView, setView] = useState(props.view ?? "waterfall");
  const filtered = useTimelineRows(session);
  const list = useVirtualRows(filtered.rows.length, density, true);
  const timeline = useTimelineKeys(filtered, { selected, onSelect, reveal: list.reveal, pageSize: list.pageSize });
  const { rows, active } = timeline;

  const running =
    session.runs.some((run) => run.status === "running") || session.toolCalls.some((call) => !call.endedAt);
  const now = useNow(Date.parse(session.metrics.lastTimestamp ?? "") || 0, running);
  const scale = useMemo(() => timescale(rows, now, axisTime), [rows, now]);
  const waterfall = chosenView === "waterfall";
  const shown = rows.slice(list.first, list.end);

  return (
    <section className={`ls ls-timeline ${className}`} data-view={chosenView} aria-label="Agent timeline">
      <TimelineToolbar timeline={timeline} view={chosenView} onView={setView} />
      <TimelineRuler scale={scale} running={running} hidden={!waterfall} />
      <div className="ls-timeline-body">
        {/* A stream of tokens must not be read out: the announcer says what matters. */}
        <div
          ref={list.container}
          className="ls-timeline-scroll"
          role="treegrid"
          aria-label={`Timeline, ${rows.length} rows`}
          aria-rowcount={rows.length}
          aria-busy={running}
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          tabIndex={0}
          onScroll={list.onScroll}
          onKeyDown={timeline.onKeyDown}
        >
          <div role="presentation" style={{ height: list.totalHeight }}>
            <div
              role="presentation"
              style={{ transform: `translateY(${list.offset}px)`, "--ls-row": `${density}px` } as CSSProperties}
            >
              {shown.map((row, position) => (
                <TimelineRowView
                  key={list.slotOf(list.first + position)}
                  id={`${id}-${list.first + position}`}
                  index={list.first + position}
                  row={row}
                  scale={waterfall ? scale : undefined}
                  now={row.endedAt === undefined ? now : row.endedAt}
                  selected={list.first + position === active}
                  folded={timeline.folded.has(row.id)}
                  onSelect={timeline.select}
                  onToggle={timeline.toggle}
                />
              ))}
            </div>
          </div>
        </div>
        {rows.length === 0 && (
          <p className="ls-empty">
            {timeline.total > 0
              ? "No row passes the filter."
              : session.isConnected
                ? "Connected. Nothing has happened yet."
                : "No events yet."}
          </p>
        )}
        {!list.following && rows.length > 0 && (
          <button type="button" className="ls-button ls-jump" onClick={list.follow}>
            ↓ Jump to latest
          </button>
        )}
      </div>
    </section>
  );
}
