/** A place in one session's log: `<epoch>.<offset>`. Offsets go on from one epoch to the next, unless events were lost. */

export interface Cursor {
  /** Changes when the log was deleted, or may have lost its newest events. */
  readonly epoch: string;
  readonly offset: number;
}

/** Reads an SSE `id`; undefined for ids that are not ours, which are carried but never compared. */
export function readCursor(id = "", before?: Cursor): Cursor | undefined {
  // Most often it is the one after `before`, which is sooner seen than read.
  if (before && id === `${before.epoch}.${before.offset + 1}`)
    return { epoch: before.epoch, offset: before.offset + 1 };
  const dot = id.lastIndexOf(".");
  const offset = dot > 0 ? Number(id.slice(dot + 1) || -1) : -1;
  return offset >= 0 ? { epoch: id.slice(0, dot), offset } : undefined;
}
