/** When changes become visible, by a clock of our own; without frames, as in Node and in hidden tabs. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFlush } from "../../frontend/src/core/flush.ts";

const WAIT_MS = 10;
let runs = 0;
const create = () => createFlush(() => runs++, { hiddenMs: WAIT_MS });

beforeEach(() => {
  runs = 0;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => vi.useRealTimers());

test("whatever comes within one wait is shown at once", () => {
  const flush = create();
  for (let request = 0; request < 100; request++) flush.request();
  expect(runs).toBe(0);
  vi.advanceTimersByTime(WAIT_MS);
  expect(runs).toBe(1);
  vi.advanceTimersByTime(10_000);
  expect(runs).toBe(1);
});

test("nothing is shown while more is here than was read, and all of it right after", () => {
  const flush = create();
  flush.behind(true);
  for (let turn = 0; turn < 90; turn++) {
    flush.request();
    vi.advanceTimersByTime(10);
  }
  expect(runs).toBe(0);
  flush.behind(false);
  vi.advanceTimersByTime(100);
  expect(runs).toBe(1);
});

test("whoever stays behind shows something every second", async () => {
  const flush = create();
  flush.behind(true);
  for (let turn = 0; turn < 500; turn++) {
    flush.request();
    vi.advanceTimersByTime(10);
    // A flush looks when its rendering is done, by a message to itself.
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(runs).toBeGreaterThanOrEqual(4);
  expect(runs).toBeLessThanOrEqual(5);
});

test("a replay that comes as fast as it is read is shown when it pauses", () => {
  const flush = create();
  for (let turn = 0; turn < 50; turn++) {
    for (let request = 0; request < 600; request++) flush.request();
    vi.advanceTimersByTime(5);
  }
  expect(runs).toBe(0);
  vi.advanceTimersByTime(100);
  expect(runs).toBe(1);
});

test("what cannot wait is shown now, and not a second time", () => {
  const flush = create();
  flush.behind(true);
  flush.request();
  flush.now();
  expect(runs).toBe(1);
  vi.advanceTimersByTime(10_000);
  expect(runs).toBe(1);
});
