/** The HTML reference in a real Chromium: searched, without script, on a phone, and under an auditor's eyes. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./support/browser.ts";

const ADDRESS = pathToFileURL(join(import.meta.dirname, "../../generated/docs/events.html")).href;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 390, height: 844 };

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});
afterAll(() => browser.close());

/** The page, and whatever it logged or asked the network for. */
async function open(options: BrowserContextOptions = {}, fragment = ""): Promise<{ page: Page; trouble: string[] }> {
  const page = await (await browser.newContext(options)).newPage();
  const trouble: string[] = [];
  page.on("console", (message) => trouble.push(message.text()));
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== ADDRESS && !request.url().startsWith("data:")) trouble.push(request.url());
  });
  await page.goto(ADDRESS + fragment);
  return { page, trouble };
}

test("search finds events by name, words and fields, and a link ends it", async () => {
  const { page, trouble } = await open();
  await page.keyboard.press("/");
  await page.keyboard.type("tool_call_id TOOL_CALL_START");
  const shown = page.locator("main article:visible");
  expect(await shown.evaluateAll((all) => all.map(({ id }) => id))).toContain("tool_call_started");
  expect(await page.locator("#run_started").isVisible()).toBe(false);
  expect(await page.locator("#family-run").isVisible()).toBe(false);
  expect(await page.locator("#found").textContent()).toMatch(/^\d+ events?$/);

  await page.locator("#search").fill("zebra crossing");
  expect(await page.locator("#found").textContent()).toBe("No event has “zebra crossing”");
  await page.keyboard.press("Escape");
  expect(await page.locator("main article:visible").count()).toBeGreaterThan(40);

  await page.locator("#search").fill("run_failed");
  await page.evaluate(() => {
    location.hash = "#metrics_updated";
  });
  await page.locator("#metrics_updated").waitFor({ state: "visible" });
  expect(await page.locator("#search").inputValue()).toBe("");
  expect(trouble).toEqual([]);
});

test("examples are switched by mouse and by keyboard", async () => {
  const { page } = await open();
  const example = page.locator("#tool_call_started .example").first();
  expect(await example.locator("pre:visible").textContent()).toContain('"tool_call_started"');
  await example.getByText("Python").click();
  expect(await example.locator("pre:visible").textContent()).toContain("await dispatcher.tool_call_started(");
  await page.keyboard.press("ArrowRight");
  expect(await example.locator("pre:visible").textContent()).toContain("await dispatcher.toolCallStarted(");
});

test("without script everything is there but the search", async () => {
  for (const viewport of [PHONE, { width: 1280, height: 900 }]) {
    const { page } = await open({ viewport, javaScriptEnabled: false });
    expect(await page.locator("nav a[href='#run_started']").isVisible()).toBe(true);
    expect(await page.locator("#search").isVisible()).toBe(false);
    await page.locator("#tool_call_started label", { hasText: "TypeScript" }).first().click();
    expect(await page.locator("#tool_call_started pre:visible").first().textContent()).toContain("toolCallStarted(");
  }
});

test("on a phone nothing is wider than the screen, and the list gets out of the way", async () => {
  const { page } = await open({ viewport: PHONE, isMobile: true, hasTouch: true });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
  const link = page.locator("nav a[href='#metrics_updated']");
  expect(await link.isVisible()).toBe(false);
  await page.locator("summary").tap();
  await link.tap();
  expect(await link.isVisible()).toBe(false);
  const top = await page.locator("#metrics_updated h3").evaluate((each) => each.getBoundingClientRect().top);
  const bar = await page.locator("nav").evaluate((each) => each.getBoundingClientRect().bottom);
  expect(top).toBeGreaterThanOrEqual(bar);
  expect(top).toBeLessThan(PHONE.height / 2);
});

test("on paper there is every language and no navigation", async () => {
  const { page } = await open();
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("nav").isVisible()).toBe(false);
  expect(await page.locator("#tool_call_started .example").first().locator("pre:visible").count()).toBe(3);
});

test.each(["light", "dark"] as const)("an auditor finds nothing when it is %s", async (colorScheme) => {
  const { page } = await open({ colorScheme, bypassCSP: true });
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: unknown[] }[] }> };
    };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.length}`);
  });
  expect(found).toEqual([]);
});
