// biome-ignore-all lint/a11y/useSemanticElements: the positioned rows of a virtual treegrid cannot be table rows
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid owns the focus and points at its active row
"use client";
/** One row of the timeline. */

import { memo } from "react";
import { Icon } from "./icon.tsx";
import { clock, duration } from "./text.ts";
import type { RowStatus, TimelineRow } from "./timeline-row.ts";
import type { Timescale } from "./timescale.ts";

const WORDS: Record<RowStatus, string> = {
  running: "running",
  ok: "done",
  failed: "failed",
  stopped: "stopped",
  note: "",
};

export interface TimelineRowProps {
  readonly id: string;
  readonly index: number;
  readonly row: TimelineRow;
  /** Absent in the list. */
  readonly scale: Timescale | undefined;
  /** Where the bar ends. */
  readonly now: number;
  readonly selected: boolean;
  readonly folded: boolean;
  readonly onSelect: (row: TimelineRow) => void;
  readonly onToggle: (runId: string) => void;
}

export const TimelineRowView = memo(function TimelineRowView(props: TimelineRowProps) {
  const { id, index, row, scale, now, selected, folded, onSelect, onToggle } = props;
  const isRun = row.kind === "run";
  const took = now - row.startedAt;
  const instant = row.kind === "moment";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys
    <div
      id={id}
      role="row"
      className="ls-row"
      aria-rowindex={index + 1}
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-expanded={isRun ? !folded : undefined}
      data-kind={row.kind}
      data-status={row.status}
      data-depth={row.depth}
      onClick={() => onSelect(row)}
    >
      <div role="gridcell" className="ls-row-name" onDoubleClick={() => isRun && onToggle(row.id)}>
        {!scale && <time className="ls-row-time">{clock(row.startedAt)}</time>}
        <Icon name={row.kind} />
        <span className="ls-row-title">{row.title}</span>
        {isRun && row.agent && <span className="ls-chip">{row.agent}</span>}
        {folded && isRun && <span className="ls-chip">folded</span>}
        <span className="ls-row-detail">{row.detail}</span>
      </div>
      <div role="gridcell" className="ls-row-track">
        {scale && <Bar row={row} scale={scale} end={now} />}
        <span className="ls-row-took" style={scale && labelPlace(scale, row, now)}>
          {row.status !== "note" && <Icon name={row.status} />}
          <span className="ls-hidden">{WORDS[row.status]} </span>
          {instant ? "" : duration(took)}
          {row.events > 2 && !instant && <span className="ls-row-events"> · {row.events} events</span>}
        </span>
      </div>
    </div>
  );
});

function Bar({ row, scale, end }: { readonly row: TimelineRow; readonly scale: Timescale; readonly end: number }) {
  const left = scale.at(row.startedAt);
  const width = Math.max(0, scale.at(end) - left);
  return <span className="ls-bar" style={{ left: `${left}%`, width: `max(3px, ${width}%)` }} />;
}

/** Beside the bar: after it where there is room, which behind the middle a phone has not; before it near the right edge. */
function labelPlace(scale: Timescale, row: TimelineRow, end: number) {
  const right = scale.at(end);
  const left = scale.at(row.startedAt);
  const after = { "--ls-left": `calc(${right}% + 6px)` } as object;
  if (right < 45) return after;
  if (left > 42) return { "--ls-right": `calc(${100 - left}% + 6px)` } as object;
  if (right < 62) return { ...after, "--ls-wide": 1 } as object;
  return { "--ls-right": "6px", "--ls-inside": 1 } as object;
}
