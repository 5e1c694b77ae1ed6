/** Rows by id, in order of arrival, handed out as immutable arrays. */

/**
 * The first edit of a row after a snapshot copies it; later edits change the copy in place. A
 * thousand deltas between two frames therefore cost one copy, and no row that was handed out ever changes.
 */
export class Table<T extends object> {
  readonly #capacity: number;
  readonly #rows = new Map<string, T>();
  readonly #drafts = new Set<string>();
  #dirty = false;
  #snapshot: readonly T[] = Object.freeze([]);

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** A row that may be changed until the next snapshot. */
  edit(id: string): T | undefined {
    const row = this.#rows.get(id);
    return row === undefined || this.#drafts.has(id) ? row : this.put(id, { ...row });
  }

  put(id: string, row: T): T {
    this.#rows.set(id, row);
    this.#drafts.add(id);
    this.#dirty = true;
    if (this.#rows.size > this.#capacity) this.delete(this.#rows.keys().next().value as string);
    return row;
  }

  change(id: string, change: Partial<T>): void {
    Object.assign(this.edit(id) ?? {}, change);
  }

  delete(id: string): void {
    this.#rows.delete(id);
    this.#drafts.delete(id);
    this.#dirty = true;
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** Rows to read, not to change. */
  where(matches: (row: T) => boolean): readonly Readonly<T>[] {
    return [...this.#rows.values()].filter(matches);
  }

  /** The same array as before when nothing changed. */
  snapshot(): readonly T[] {
    if (this.#dirty) {
      this.#dirty = false;
      this.#drafts.clear();
      this.#snapshot = Object.freeze([...this.#rows.values()]);
    }
    return this.#snapshot;
  }
}
