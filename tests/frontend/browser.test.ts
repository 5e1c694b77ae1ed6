/** The client in a real Chromium, against real sockets. */

import type { SessionSnapshot } from "@agui-lockstep/client";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { collectErrors, eventually, launchBrowser, textOf } from "./support/browser.ts";
import type { EventServer, ScriptedStream } from "./support/event-server.ts";
import { delta, event, frame, openStream, started } from "./support/frames.ts";
import { servePage } from "./support/page-server.ts";
import { until } from "./support/until.ts";

declare global {
  interface Window {
    snapshot(): SessionSnapshot;
    leave(): void;
    heard: string[];
    renders: { status: number };
  }
}

let browser: Browser;
let server: EventServer;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.close();
});

afterAll(() => browser.close());

async function open(page: string, mode: "development" | "production" = "production"): Promise<void> {
  server = await servePage(page, mode);
}

async function visit(query = ""): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${server.url}/${query}`);
  return page;
}

/** A log of `size` numbered events, sent from the cursor on, `batch` at a time. */
function numbered(size: number, batch = 100): (stream: ScriptedStream) => Promise<void> {
  return async (stream) => {
    stream.begin();
    await stream.write(started(stream.after, size));
    for (let from = stream.after + 1; from <= size && stream.open; from += batch) {
      const offsets = Array.from({ length: Math.min(batch, size - from + 1) }, (_, step) => from + step);
      await stream.write(offsets.map((offset) => frame(offset, delta(`${offset} `))).join(""));
      await new Promise(setImmediate);
    }
  };
}

test("the brief's snippet runs", async () => {
  await open("snippet");
  server.script("s1", async (stream) => {
    await openStream(stream);
    const start = event("tool_call_started", { tool_call_id: "c1", tool_name: "docker_list_containers", args: {} });
    await stream.write(frame(1, delta("a")) + frame(2, start));
  });
  const page = await visit();
  await eventually(page, "output", "docker_list_containers");
  expect(await page.locator("output").getAttribute("data-connected")).toBe("true");
});

test("StrictMode and eight components make one connection, and leaving ends it", async () => {
  await open("seven", "development");
  server.script("s1", async (stream) => {
    await openStream(stream);
    await stream.write(frame(1, event("tool_call_started", { tool_call_id: "c1", tool_name: "probe", args: {} })));
    await stream.write(frame(2, event("tool_call_result", { message_id: "r", tool_call_id: "c1", content: "ok" })));
    for (let offset = 3; offset <= 200; offset++) await stream.write(frame(offset, delta("x")));
  });
  const page = await visit();
  const errors = collectErrors(page);
  await eventually(page, "#count", "200");
  expect(await textOf(page, "#call")).toBe("success");
  expect(server.of("s1")).toHaveLength(1);
  expect(await page.evaluate(() => window.heard)).toEqual(["tool_call_started", "tool_call_result"]);
  // Twice for StrictMode, for each of idle, connecting and open: a status does not change with every event.
  expect(await page.evaluate(() => window.renders.status)).toBeLessThanOrEqual(8);
  await page.evaluate(() => window.leave());
  await until(() => server.live("s1") === 0, "no connection is left");
  expect(errors).toEqual([]);
});

test("twenty cuts while 20 000 events flow: all there, once, in order, and both logs of connections agree", async () => {
  const size = 20_000;
  await open("session");
  const send = numbered(size);
  let cuts = 0;
  let sent = 0;
  server.script("s1", (stream) => {
    // Anywhere in the stream, also in the middle of a frame: the seed makes it the same in every run.
    const spot = ((stream.attempt * 7919) % 9) * 95 + 5;
    if (stream.attempt <= 20) {
      const write = stream.write.bind(stream);
      let budget = spot * 200;
      stream.write = async (text) => {
        budget -= text.length;
        if (budget > 0) return write(text);
        await write(text.slice(0, Math.max(0, text.length + budget)));
        setTimeout(() => stream.cut(), 15);
        cuts++;
        stream.write = () => Promise.resolve();
      };
    }
    sent++;
    return send(stream);
  });
  const page = await visit();
  await eventually(page, "#events", `${size}`);
  const seen = await page.evaluate(() => {
    const { events, stats, gaps, connections } = window.snapshot();
    return {
      order: events.map((each) => (each.payload as { delta: string }).delta).join(""),
      stats,
      gaps: gaps.length,
      connections: connections.map(({ number, after }) => [number, after ?? null]),
    };
  });
  expect(cuts).toBe(20);
  expect(seen.order).toBe(Array.from({ length: size }, (_, index) => `${index + 1} `).join(""));
  expect(seen.gaps).toBe(0);
  expect(sent).toBe(21);
  expect(seen.connections).toEqual(server.of("s1").map(({ after }, index) => [index + 1, after ?? null]));
  await page.locator("summary").click();
  expect(await page.locator("[data-connection]").count()).toBe(21);
});

test("a seventh session over HTTP/1.1 is warned about", async () => {
  await open("many");
  for (let session = 1; session <= 7; session++) server.script(`s${session}`, openStream);
  const page = await visit("?count=7");
  await until(
    async () => (await page.locator(".status").allInnerTexts()).filter((status) => status === "open").length === 6,
  );
  const warnings = await page.locator(".warning").allInnerTexts();
  expect(warnings.at(-1)).toContain("over HTTP/1.1 a browser opens only 6");
  expect(warnings.slice(0, 5)).toEqual(["", "", "", "", ""]);
  expect((await page.locator(".status").allInnerTexts()).at(-1)).toBe("connecting");
});

test("401 stops with a clear state; 503 backs off and recovers", async () => {
  await open("session");
  server.script("closed", (stream) => stream.refuse(401, { title: "Unauthorized", detail: "the token has expired" }));
  server.script("busy", (stream) => (stream.attempt <= 3 ? stream.refuse(503) : openStream(stream)));
  const refused = await visit("?session=closed");
  await eventually(refused, "#status", "failed");
  expect(await textOf(refused, "#error")).toBe("HTTP 401: the token has expired");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(server.of("closed")).toHaveLength(1);
  const busy = await visit("?session=busy");
  await eventually(busy, "#status", "open");
  expect(server.of("busy")).toHaveLength(4);
});

test("a hidden tab keeps up, without a single frame", async () => {
  await open("session");
  server.script("s1", numbered(5000));
  const context = await browser.newContext();
  await context.addInitScript(() => {
    Object.defineProperty(document, "hidden", { get: () => true });
    Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
    window.requestAnimationFrame = () => 0;
  });
  const page = await context.newPage();
  await page.goto(server.url);
  await eventually(page, "#events", "5000");
});

test("the timeline follows its end, in a box of any height, until somebody scrolls up", async () => {
  await open("session");
  let call = 0;
  let more = (_calls: number): Promise<void> => Promise.reject(new Error("no stream"));
  server.script("s1", async (stream) => {
    await openStream(stream);
    more = (calls) => {
      const added = Array.from({ length: calls }, () =>
        frame(++call, event("tool_call_started", { tool_call_id: `c${call}`, tool_name: "probe" })),
      );
      return stream.write(added.join(""));
    };
  });
  const page = await visit();
  await eventually(page, "#status", "open");
  const list = page.locator("[role=treegrid]");
  const fromEnd = () => list.evaluate((each) => Math.round(each.scrollHeight - each.scrollTop - each.clientHeight));
  const rows = async (count: number) => {
    await more(count);
    await until(async () => (await list.getAttribute("aria-rowcount")) === String(call));
  };
  for (const count of [3, 40, 1, 500]) {
    await rows(count);
    await until(async () => (await fromEnd()) === 0, `the end is in view after ${call} rows`);
  }
  const box = page.locator("#root > div").last();
  for (const height of [600, 300, 200, 500]) {
    await box.evaluate((each, height) => {
      (each as HTMLElement).style.height = `${height}px`;
    }, height);
    const isSettled = async () =>
      (await fromEnd()) === 0 && (await list.evaluate((each) => each.clientHeight)) < height;
    await until(isSettled, `the end is in view in a box of ${height} px`);
  }
  await list.hover();
  await page.mouse.wheel(0, -4000);
  const jump = page.getByRole("button", { name: "Jump to latest" });
  await jump.waitFor();
  const top = await list.evaluate((each) => each.scrollTop);
  await rows(10);
  expect(await list.evaluate((each) => each.scrollTop)).toBe(top);
  await jump.click();
  await until(async () => (await fromEnd()) === 0, "the end is in view again");
  expect(await jump.count()).toBe(0);
  await rows(10);
  await until(async () => (await fromEnd()) === 0, "and stays there");
});

test("a page restored from the back-forward cache resumes", async () => {
  await open("session");
  server.script("s1", async (stream) => {
    await openStream(stream);
    await stream.write(frame(stream.after + 1, delta("x")));
  });
  const cached = await launchBrowser({ backForwardCache: true });
  try {
    const page = await (await cached.newContext()).newPage();
    await page.goto(server.url);
    await eventually(page, "#events", "1");
    await page.goto(`${server.url}/elsewhere`);
    await until(() => server.live("s1") === 0, "the page that was left holds no connection");
    page.evaluate(() => history.back()).catch(() => {});
    // Only a page that was kept knows its cursor: one that is loaded again begins without.
    await until(() => server.of("s1").length === 2);
    expect(server.of("s1").map(({ after }) => after)).toEqual([undefined, "e1.1"]);
  } finally {
    await cached.close();
  }
});
