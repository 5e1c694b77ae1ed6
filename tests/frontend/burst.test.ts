/** A burst on a slow machine, beside the obvious way. Printed, not asserted, where machines differ. */

import type { SessionSnapshot } from "@agui-lockstep/client";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collectErrors, eventually, launchBrowser } from "./support/browser.ts";
import { event, frame, openStream } from "./support/frames.ts";
import { servePage } from "./support/page-server.ts";

declare global {
  interface Window {
    snapshot(): SessionSnapshot;
    complete: Promise<{ endedAt: number; longestTask: number; rows: number }>;
  }
}

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

interface Burst {
  /** From before the server wrote until the page showed the last event. */
  readonly ms: number;
  /** Processor time of the page's main thread, because other work on the machine counts in the time on the wall. */
  readonly busyMs: number;
  readonly longestTaskMs: number;
  readonly rows: number;
  readonly errors: readonly string[];
}

/** 20 000 events at once, for a page whose processor is slowed down four times. */
async function burst(name: string): Promise<Burst> {
  const size = 20_000;
  const server = await servePage(name);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const log: string[] = [];
  for (let offset = 1; offset <= size; offset += 10) {
    const id = `c${Math.floor(offset / 200)}`;
    const made = offset % 200 === 1 ? event("tool_call_started", { tool_call_id: id, tool_name: "probe" }) : undefined;
    for (let step = 0; step < 10; step++) {
      const data = step === 0 && made ? made : event("tool_call_args_delta", { tool_call_id: id, delta: `"${step}",` });
      log.push(frame(offset + step, data));
    }
  }
  const bytes = Buffer.from(log.join(""));
  server.script("s1", async (stream) => {
    await openStream(stream);
    await released;
    await stream.write(bytes);
  });
  const page = await browser.newPage();
  await page.goto(server.url);
  const errors = collectErrors(page);
  await eventually(page, "#status", "open");
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  // What a browser still does for a page that it has just opened would be measured with the burst.
  await page.evaluate(() => new Promise((resolve) => setTimeout(() => requestIdleCallback(resolve), 500)));
  const busySeconds = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  };
  const busyBefore = await busySeconds();
  // Told by the page itself: asking every few milliseconds would be work of its own, four times as slow.
  await page.evaluate((size) => {
    window.complete = new Promise((resolve) => {
      let longestTask = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) longestTask = Math.max(longestTask, entry.duration);
      }).observe({ entryTypes: ["longtask"] });
      const watch = new MutationObserver(() => {
        if (window.snapshot().stats.events < size) return;
        watch.disconnect();
        const endedAt = Date.now();
        setTimeout(
          () => resolve({ endedAt, longestTask, rows: document.querySelectorAll("[role=row], tr").length }),
          50,
        );
      });
      watch.observe(document.querySelector("#events") as Element, { characterData: true, subtree: true });
    });
  }, size);
  // Both on one machine, and so on one clock.
  const sentAt = Date.now();
  release();
  const { endedAt, longestTask, rows } = await page.evaluate(() => window.complete);
  const busyMs = Math.round(((await busySeconds()) - busyBefore) * 1000);
  const figures = { ms: endedAt - sentAt, busyMs, longestTaskMs: Math.round(longestTask), rows, errors };
  await page.close();
  await server.close();
  console.log(
    `burst of ${size}, ${name}: ${figures.ms} ms, ${busyMs} ms of them busy, longest task ${figures.longestTaskMs} ms, ${rows} rows`,
  );
  return figures;
}

test("20 000 events at once with the CPU slowed down four times stay smooth, beside the obvious way", async () => {
  const ours = await burst("session");
  expect(ours.rows).toBeLessThan(150);
  expect(ours.errors).toEqual([]);
  const obvious = await burst("obvious");
  console.log(
    `the obvious way takes ${(obvious.ms / ours.ms).toFixed(1)} times as long, and its longest task ${(obvious.longestTaskMs / ours.longestTaskMs).toFixed(1)} times`,
  );
});
