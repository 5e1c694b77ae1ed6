/** A place in one session's log: `<epoch>.<offset>`, contiguous within an epoch. */

export interface Cursor {
  /** Changes when the log was deleted or lost, so offsets of two epochs never compare. */
  readonly epoch: string;
  readonly offset: number;
}

/** How an arriving cursor relates to the last one: `reset` is another epoch, `gap` skips offsets. */
export type Placement = "next" | "duplicate" | "gap" | "reset";

/** Reads an SSE `id`; undefined for ids that are not ours, which are carried but never compared. */
export function readCursor(id: string): Cursor | undefined {
  const dot = id.lastIndexOf(".");
  const offset = dot > 0 && dot < id.length - 1 ? Number(id.slice(dot + 1)) : Number.NaN;
  return Number.isSafeInteger(offset) && offset >= 0 ? { epoch: id.slice(0, dot), offset } : undefined;
}

export function place(arriving: Cursor, last: Cursor): Placement {
  if (arriving.epoch !== last.epoch) return "reset";
  if (arriving.offset <= last.offset) return "duplicate";
  return arriving.offset === last.offset + 1 ? "next" : "gap";
}
