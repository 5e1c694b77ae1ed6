/** How long to wait before the next attempt. */

export interface RetryOptions {
  /** Ceiling of the first wait, ms. A server's `retry:` replaces it. Default 500. */
  readonly baseMs?: number | undefined;
  /** Ceiling of every wait, ms. Default 15 000. */
  readonly maxMs?: number | undefined;
  /** Attempts without a single new event before giving up. Default: never. */
  readonly attempts?: number | undefined;
}

/**
 * Full jitter: uniform between 0 and a ceiling that doubles. A fleet of tabs that lost the same
 * server at the same moment must not come back at the same moment.
 */
export function backoffDelay(failures: number, baseMs = 500, maxMs = 15_000): number {
  return Math.random() * Math.min(maxMs, baseMs * 2 ** failures);
}
