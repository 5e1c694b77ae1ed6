/** The bounded, append-only log of one session's events. */

/** An event as it was read. */
export interface Reading<T> {
  readonly event: T;
  /** The same as compact JSON: then the event is only made of it when somebody asks for it. */
  readonly text?: string;
}

/** An event that is still text; once it has been made, it is always the same object. */
export class EventText<T> implements Reading<T> {
  readonly text: string;
  #event: T | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get event(): T {
    this.#event ??= JSON.parse(this.text) as T;
    return this.#event;
  }
}

/** Evicting one by one would copy the log every time. */
const STEP = 1024;

export interface EventLog<T> {
  /** Returns how many items are kept now. */
  push(item: Reading<T>): number;
  /** Keeps the newest `capacity` items, and up to a thousand more; returns how many went. */
  trim(capacity: number): number;
  /** What is kept now, without making an event of anything. */
  readings(): readonly Reading<T>[];
  /** Reads the events as they are now, at any later time; always the same array. */
  view(): () => readonly T[];
}

export function createEventLog<T>(): EventLog<T> {
  // Items are only ever added to an array, and then it is replaced: whoever has noted its length can read it later.
  let items: Reading<T>[] = [];
  /** Whoever reads the events does so again: from then on each is made as it comes, instead of all at once. */
  let isRead = false;
  return {
    push: (item) => items.push(isRead ? { event: item.event } : item),
    trim(capacity) {
      const surplus = items.length - capacity;
      if (surplus < STEP) return 0;
      items = items.slice(surplus);
      return surplus;
    },
    readings: () => items,
    view() {
      const now = items;
      const { length } = items;
      let array: readonly T[] | undefined;
      return () => {
        isRead = true;
        array ??= now.slice(0, length).map(({ event }) => event);
        return array;
      };
    },
  };
}
