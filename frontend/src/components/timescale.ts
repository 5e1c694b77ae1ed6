/** From time to width: linear while something happens, short where nothing does. */

export interface Interval {
  readonly startedAt: number;
  readonly endedAt: number | undefined;
}

export interface Pause {
  /** Position and width in percent. */
  readonly at: number;
  readonly width: number;
  readonly ms: number;
}

export interface Timescale {
  readonly start: number;
  readonly end: number;
  /** Waits that were cut short. */
  readonly pauses: readonly Pause[];
  /** Percent of the width, 0 to 100. */
  at(time: number): number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** A wait is cut when it is longer than this, and than a quarter of all the busy time. */
const MIN_PAUSE_MS = 2000;
/** What a cut wait keeps, as a share of the busy time. */
const KEPT = 0.03;

interface Segment {
  readonly from: number;
  readonly to: number;
  /** Shown length, in milliseconds of the compressed scale. */
  readonly length: number;
  readonly offset: number;
  readonly pause: boolean;
}

/** `now` closes what is still running. */
export function timescale(intervals: readonly Interval[], now: number, tickLabel: (ms: number) => string): Timescale {
  const spans = busySpans(intervals, now);
  const busy = Math.max(
    1,
    spans.reduce((sum, [from, to]) => sum + to - from, 0),
  );
  const limit = Math.max(MIN_PAUSE_MS, busy / 4);
  const segments: Segment[] = [];
  let offset = 0;
  const add = (from: number, to: number, length: number, pause: boolean) => {
    if (to <= from && segments.length > 0) return;
    segments.push({ from, to, length, offset, pause });
    offset += length;
  };
  spans.forEach(([from, to], position) => {
    const before = spans[position - 1]?.[1] ?? from;
    const wait = from - before;
    add(before, from, wait > limit ? busy * KEPT : wait, wait > limit);
    add(from, to, to - from, false);
  });
  const total = Math.max(1, offset);
  const at = (time: number) => {
    const segment = segments.find(({ to }) => time <= to) ?? segments.at(-1);
    if (!segment) return 0;
    const share = segment.to > segment.from ? (time - segment.from) / (segment.to - segment.from) : 0;
    return ((segment.offset + Math.min(1, Math.max(0, share)) * segment.length) / total) * 100;
  };
  const pauses = segments
    .filter(({ pause }) => pause)
    .map(({ from, to, offset: left, length }) => ({
      at: (left / total) * 100,
      width: (length / total) * 100,
      ms: to - from,
    }));
  const start = spans[0]?.[0] ?? now;
  const end = spans.at(-1)?.[1] ?? now;
  return { start, end, pauses, at, ticks: ticks(segments, start, total, tickLabel) };
}

/** Intervals that overlap, or nearly touch, joined; in order. */
function busySpans(intervals: readonly Interval[], now: number): [number, number][] {
  const sorted = intervals
    .map(({ startedAt, endedAt }): [number, number] => [startedAt, Math.max(startedAt, endedAt ?? now)])
    .sort(([left], [right]) => left - right);
  const spans: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = spans.at(-1);
    if (last && from - last[1] <= MIN_PAUSE_MS) last[1] = Math.max(last[1], to);
    else spans.push([from, to]);
  }
  return spans;
}

const STEPS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap((power) => [power, 2 * power, 5 * power]);

/** About five round times; none inside a cut wait. */
function ticks(segments: readonly Segment[], start: number, total: number, label: (ms: number) => string) {
  const step = STEPS.find((size) => total / size <= 6) ?? total;
  const found: { at: number; label: string }[] = [];
  for (const { from, to, offset, length, pause } of segments) {
    if (pause || to === from) continue;
    const first = Math.ceil((from - start) / step) * step;
    for (let time = first; start + time <= to; time += step) {
      const at = ((offset + ((start + time - from) / (to - from)) * length) / total) * 100;
      // Two labels closer than this would touch.
      if (at < 94 && at - (found.at(-1)?.at ?? -100) > 9) found.push({ at, label: label(time) });
    }
  }
  return found;
}
