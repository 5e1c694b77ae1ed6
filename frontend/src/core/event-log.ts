/** The bounded, append-only log of one session's events. */

const CHUNK = 1024;

/** A frozen view of the log; the array is built when first read and then kept. */
export interface LogView<T> {
  readonly length: number;
  toArray(): readonly T[];
}

/**
 * Keeps the newest `capacity` items, rounded up to whole chunks: dropping a chunk is O(1), and a view
 * only copies chunk references, because a chunk is never changed after it is full.
 */
export class EventLog<T> {
  /** Items evicted so far. */
  dropped = 0;
  length = 0;
  readonly #capacity: number;
  #chunks: T[][] = [[]];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(item: T): void {
    let last = this.#chunks.at(-1) as T[];
    if (last.length === CHUNK) {
      last = [];
      this.#chunks.push(last);
    }
    last.push(item);
    this.length++;
    const oldest = this.#chunks[0] as T[];
    if (this.#chunks.length > 1 && this.length - oldest.length >= this.#capacity) {
      this.#chunks.shift();
      this.length -= oldest.length;
      this.dropped += oldest.length;
    }
  }

  view(): LogView<T> {
    const chunks = this.#chunks.slice();
    const { length } = this;
    let array: readonly T[] | undefined;
    return {
      length,
      toArray() {
        // The last chunk may have grown since: cut to the length at the time of the view.
        array ??= Object.freeze(([] as T[]).concat(...chunks).slice(0, length));
        return array;
      },
    };
  }
}
