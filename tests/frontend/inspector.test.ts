/** The inspector in a real Chromium: what it shows, by mouse, by keyboard, and to assistive technology. */

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { collectErrors, launchBrowser } from "./support/browser.ts";
import { demoRun } from "./support/demo.ts";
import type { EventServer } from "./support/event-server.ts";
import { delta, event, frame, started } from "./support/frames.ts";
import { buildInspector, serveInspector } from "./support/inspector-server.ts";
import { until } from "./support/until.ts";

const SESSION = "demo-7f3";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENSHOTS = join(import.meta.dirname, "../../screenshots");

let browser: Browser;
let server: EventServer;

beforeAll(async () => {
  await buildInspector();
  browser = await launchBrowser();
  mkdirSync(SCREENSHOTS, { recursive: true });
}, 60_000);

beforeEach(async () => {
  server = await serveInspector([SESSION, "nightly-backup"]);
});

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.close();
});

afterAll(() => browser.close());

/** The scripted run up to the moment `ms`; what comes later is sent by the returned function. */
function play(ms: number): () => void {
  const [before, all] = [demoRun(SESSION, ms), demoRun(SESSION)];
  let log = before;
  const streams = new Set<(text: string) => void>();
  const frames = (from: number) => log.slice(from).map((each, index) => frame(from + index + 1, each));
  server.script(SESSION, async (stream) => {
    stream.begin();
    streams.add((text) => stream.write(text));
    await stream.write(started(stream.after, log.length) + frames(stream.after).join(""));
  });
  return () => {
    const from = log.length;
    log = all;
    for (const write of streams) write(frames(from).join(""));
  };
}

interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
}

async function visit({ width = 1440, height = 900, scheme = "light" }: Look = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  const page = await context.newPage();
  await page.goto(`${server.url}/?session=${SESSION}`);
  await page.getByText("read_logs failed").waitFor();
  return page;
}

const LOOKS = [
  { name: "phone", width: 360, height: 780 },
  { name: "tablet", width: 768, height: 1024 },
  { name: "desktop", width: 1440, height: 900 },
].flatMap((size) => (["light", "dark"] as const).map((scheme) => ({ ...size, scheme })));

test.each(LOOKS)("axe finds nothing on a $name in $scheme", async (look) => {
  play(5000);
  const page = await visit(look);
  const errors = collectErrors(page);
  await page.screenshot({ path: join(SCREENSHOTS, `inspector-${look.name}-${look.scheme}.png`) });
  const switches = page.getByRole("navigation", { name: "Panes" });
  const panes = look.name === "phone" ? ["Chat", "Timeline", "Tools", "Details"] : [""];
  for (const pane of panes) {
    if (pane) await switches.getByRole("button", { name: pane }).click();
    await page.addScriptTag({ content: AXE }).catch(() => page.evaluate(AXE));
    const violations = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run();
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
      );
    });
    expect(violations, pane).toEqual([]);
  }
  expect(errors.filter((text) => !text.includes("Content Security Policy"))).toEqual([]);
});

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

test("one look says which agent runs, what it does, what failed and why, and that nothing was lost", async () => {
  play(5000);
  const page = await visit();
  const summary = page.getByRole("region", { name: "Summary" });
  expect(await summary.textContent()).toContain("infrastructure_monitor runs docker_restart in repair");
  expect(await summary.textContent()).toContain(
    "read_logs failedssh: connect to host web-1 port 22: timed out after 1 s",
  );
  expect(await page.locator(".ls-badge summary").textContent()).toContain("Connectednothing lost");
});

test("the whole path by keyboard: timeline, a failed call, its tabs, and back", async () => {
  play(5000);
  const page = await visit();
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute("role") ?? document.activeElement?.tagName);
  for (let presses = 0; (await focused()) !== "treegrid"; presses++) {
    expect(presses).toBeLessThan(60);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Home");
  const active = () => page.locator('[role=row][aria-selected="true"]');
  expect(await active().getAttribute("data-kind")).toBe("message");
  for (let presses = 0; (await active().getAttribute("data-status")) !== "failed"; presses++) {
    expect(presses).toBeLessThan(30);
    await page.keyboard.press("ArrowDown");
  }
  expect(await page.getByRole("heading", { name: "read_logs" }).count()).toBe(1);
  for (let presses = 0; (await focused()) !== "tab"; presses++) {
    expect(presses).toBeLessThan(20);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("ArrowLeft");
  expect(await page.getByRole("tab", { name: "Arguments" }).getAttribute("aria-selected")).toBe("true");
  expect(await page.getByRole("tabpanel").textContent()).toContain("nginx");
  for (let presses = 0; (await focused()) !== "treegrid"; presses++) {
    expect(presses).toBeLessThan(40);
    await page.keyboard.press("Shift+Tab");
  }
  await page.keyboard.press("End");
  expect(await active().getAttribute("data-kind")).toBe("moment");
});

test("a killed connection shows what was missed and that it came back", async () => {
  const goOn = play(3200);
  const page = await visit();
  const before = demoRun(SESSION, 3200).length;
  await page.getByRole("button", { name: "Kill connection" }).click();
  await page.getByText("Reconnecting").waitFor();
  await until(() => server.live(SESSION) === 0);
  goOn();
  const missed = demoRun(SESSION).length - before;
  await page.getByText(`${missed} recovered, none lost`).waitFor({ timeout: 10_000 });
  expect(await page.getByRole("region", { name: "Summary" }).textContent()).toContain(
    "infrastructure_monitor finished",
  );
});

test("what is broken or unknown waits in the quarantine, and the stream goes on", async () => {
  server.script(SESSION, async (stream) => {
    stream.begin();
    const alien = { ...delta("?"), type: "teleported" };
    const calls = demoRun(SESSION).slice(0, 90);
    await stream.write(started(0) + calls.map((each, index) => frame(index + 1, each)).join(""));
    await stream.write(`id: e1.91\ndata: {"broken\n\nid: e1.92\nevent: teleported\ndata: ${JSON.stringify(alien)}\n\n`);
    await stream.write(frame(93, event("custom_emitted", { name: "still_alive", value: true })));
  });
  const page = await visit();
  await page.getByLabel("Source").selectOption("quarantine");
  const frames = page.getByRole("listbox", { name: "Events" }).getByRole("option");
  await until(async () => (await frames.count()) === 2);
  expect(await frames.nth(0).textContent()).toContain("not JSON");
  expect(await frames.nth(1).textContent()).toContain('no type "teleported"');
  expect(await page.getByText("still_alive").count()).toBeGreaterThan(0);
});

test("a team's own events are events, when the server speaks the team's contract", async () => {
  server.script(SESSION, async (stream) => {
    stream.begin();
    const own = { ...delta("?"), type: "deployment_requested", payload: { service: "checkout", version: "v2.4.0" } };
    const spoken = { contract: "acme_events", contract_version: "1.0.0", contract_digest: `sha256:${"0".repeat(64)}` };
    const cursor = { message: "SSE connection established", recovered: true, cursor: "e1.0", latest: "e1.0" };
    const calls = demoRun(SESSION).slice(0, 90);
    await stream.write(frame(0, event("session_stream_started", { ...cursor, ...spoken })));
    await stream.write(calls.map((each, index) => frame(index + 1, each)).join(""));
    await stream.write(`id: e1.91\nevent: deployment_requested\ndata: ${JSON.stringify(own)}\n\n`);
  });
  const page = await visit();
  await page.getByLabel("Search in events").fill("v2.4.0");
  const rows = page.getByRole("listbox", { name: "Events" }).getByRole("option");
  await until(async () => (await rows.count()) === 1);
  expect(await rows.first().textContent()).toContain("deployment_requested");
  expect(await page.getByText("deployment requested").count()).toBeGreaterThan(0);
  expect(await page.getByText("The server speaks").count()).toBe(0);
  expect(await page.getByLabel("Source").textContent()).toContain("Quarantine 0");
});

test("exports a session and shows it again from the file", async () => {
  play(Number.POSITIVE_INFINITY);
  const page = await visit();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export" }).click(),
  ]);
  const path = await download.path();
  expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(demoRun(SESSION).length);
  await page.locator("input[type=file]").setInputFiles({
    name: "yesterday.jsonl",
    mimeType: "application/x-ndjson",
    buffer: Buffer.from(`${readFileSync(path, "utf8")}{"no":"event"}\n`),
  });
  await page.getByText("Showing the file yesterday.jsonl, without 1 lines").waitFor();
  expect(await page.getByRole("region", { name: "Summary" }).textContent()).toContain(
    "infrastructure_monitor finished",
  );
  await until(() => server.live(SESSION) === 0, "a file needs no connection");
});

test("shows where a type comes from, in three languages", async () => {
  play(5000);
  const page = await visit();
  await page.getByRole("button", { name: "Contract" }).click();
  await page.getByLabel("Contract type").selectOption("tool_call_started");
  const sources = page.locator(".columns pre");
  await until(async () => (await sources.count()) === 3);
  expect(await sources.nth(0).textContent()).toContain('"ToolCallStartedPayload"');
  expect(await sources.nth(1).textContent()).toContain("class ToolCallStartedPayload(");
  expect(await sources.nth(2).textContent()).toContain("export interface ToolCallStartedPayload");
});

test("a second viewer sees the same session", async () => {
  play(5000);
  const page = await visit();
  await page.getByRole("button", { name: "Second viewer" }).click();
  const viewer = page.frameLocator("iframe");
  await viewer.getByText("read_logs failed").waitFor();
  expect(server.live(SESSION)).toBe(2);
});
