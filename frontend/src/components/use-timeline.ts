"use client";
/** The timeline without a look: rows, filters, selection, folding and keys. */

import { type KeyboardEvent, useMemo, useState } from "react";
import type { View } from "../core/view.ts";
import { type RowKind, type TimelineRow, timelineRows } from "./timeline-row.ts";

export interface TimelineFilter {
  /** Kinds that are hidden. */
  readonly hidden: ReadonlySet<RowKind>;
  readonly failedOnly: boolean;
  readonly text: string;
}

export interface Timeline {
  /** What is shown: filtered, and without the contents of folded runs. */
  readonly rows: readonly TimelineRow[];
  /** Rows before filtering. */
  readonly total: number;
  readonly filter: TimelineFilter;
  readonly setFilter: (change: Partial<TimelineFilter>) => void;
  readonly folded: ReadonlySet<string>;
  readonly toggle: (runId: string) => void;
  readonly active: number;
  readonly select: (row: TimelineRow) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export interface TimelineOptions {
  /** Key of the selected row, when the owner keeps it. */
  readonly selected?: string | undefined;
  readonly onSelect?: ((row: TimelineRow) => void) | undefined;
  /** Brings a row into view. */
  readonly reveal: (index: number) => void;
  readonly pageSize: number;
}

export function useTimelineRows(view: View): Omit<Timeline, "active" | "select" | "onKeyDown"> {
  const [filter, setFilter] = useState<TimelineFilter>({ hidden: new Set(), failedOnly: false, text: "" });
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const { runs, steps, toolCalls, messages, moments } = view;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the arrays are what the rows are made of
  const all = useMemo(() => timelineRows(view), [runs, steps, toolCalls, messages, moments]);
  const rows = useMemo(() => all.filter((row) => isShown(row, filter, folded)), [all, filter, folded]);
  return {
    rows,
    total: all.length,
    filter,
    setFilter: (change) => setFilter((before) => ({ ...before, ...change })),
    folded,
    toggle: (runId) => setFolded((before) => toggled(before, runId)),
  };
}

export function useTimelineKeys(timeline: ReturnType<typeof useTimelineRows>, options: TimelineOptions): Timeline {
  const { selected, onSelect, reveal, pageSize } = options;
  const { rows, folded, toggle } = timeline;
  const [own, setOwn] = useState<string>();
  const key = selected ?? own;
  const active = useMemo(() => rows.findIndex((row) => row.key === key), [rows, key]);
  const select = (row: TimelineRow) => {
    setOwn(row.key);
    onSelect?.(row);
  };
  const go = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    select(row);
    reveal(rows.indexOf(row));
  };
  /** Returns whether the key means something here. */
  const press = (key: string, current: TimelineRow | undefined): boolean => {
    const unfolds = current?.kind === "run" && folded.has(current.id);
    if (key === "ArrowDown") go(active + 1);
    else if (key === "ArrowUp") go(active - 1);
    else if (key === "PageDown") go(active + pageSize);
    else if (key === "PageUp") go(active - pageSize);
    else if (key === "Home") go(0);
    else if (key === "End") go(rows.length - 1);
    else if (key === "Enter" && current) select(current);
    else if (key === "ArrowRight" && unfolds) toggle(current.id);
    else if (key === "ArrowLeft" && current?.kind === "run" && !unfolds) toggle(current.id);
    else if (key === "ArrowLeft") go(rows.findIndex((row) => row.kind === "run" && row.id === current?.runId));
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const current = rows[active];
    if (event.ctrlKey || event.metaKey || event.altKey || !press(event.key, current)) return;
    event.preventDefault();
  };
  return { ...timeline, active, select, onKeyDown };
}

export function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

function isShown(row: TimelineRow, { hidden, failedOnly, text }: TimelineFilter, folded: ReadonlySet<string>): boolean {
  if (hidden.has(row.kind) || (failedOnly && row.status !== "failed")) return false;
  if (row.runId !== undefined && row.id !== row.runId && folded.has(row.runId)) return false;
  if (text === "") return true;
  return `${row.title} ${row.detail} ${row.agent ?? ""}`.toLowerCase().includes(text.toLowerCase());
}
