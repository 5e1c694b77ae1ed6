/** The bounded, append-only log of one session's events. */

/** Evicting one by one would copy the log every time. */
const STEP = 1024;

export interface EventLog<T> {
  /** Returns how many items are kept now. */
  push(item: T): number;
  /** Keeps the newest `capacity` items, and up to a thousand more; returns how many went. */
  trim(capacity: number): number;
  /** Reads the log as it is now, at any later time; always the same array. */
  view(): () => readonly T[];
}

export function createEventLog<T>(): EventLog<T> {
  // Items are only ever added to an array, and then it is replaced: whoever has noted its length can read it later.
  let items: T[] = [];
  return {
    push: (item) => items.push(item),
    trim(capacity) {
      const surplus = items.length - capacity;
      if (surplus < STEP) return 0;
      items = items.slice(surplus);
      return surplus;
    },
    view() {
      const now = items;
      const { length } = items;
      let array: readonly T[] | undefined;
      return () => {
        array ??= now.slice(0, length);
        return array;
      };
    },
  };
}
