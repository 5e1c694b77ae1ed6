/** Browser and server together: the page that `lockstep serve` shows, on its own bus. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { collectErrors, launchBrowser } from "./support/browser.ts";
import { demoRun } from "./support/demo.ts";
import { Lockstep } from "./support/lockstep.ts";
import { until } from "./support/until.ts";

const SCREENSHOTS = join(import.meta.dirname, "../../screenshots");

let browser: Browser;
let lockstep: Lockstep;

beforeAll(async () => {
  const configFile = join(import.meta.dirname, "../../frontend/inspector/vite.config.ts");
  await build({ configFile, logLevel: "warn" });
  mkdirSync(SCREENSHOTS, { recursive: true });
  [browser, lockstep] = await Promise.all([launchBrowser(), Lockstep.start()]);
}, 60_000);

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

afterAll(async () => {
  await browser.close();
  await lockstep.stop();
});

async function visit(session: string, look: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, ...look })).newPage();
  await page.goto(`${lockstep.url}/?session=${session}`);
  return page;
}

const metric = (page: Page, name: string) =>
  page.locator(".ls-metric", { has: page.getByText(name, { exact: true }) }).locator("dd");

test("a session that is published appears, is listed, and survives a killed connection", async () => {
  const run = demoRun("walk");
  const page = await visit("walk");
  const errors = collectErrors(page);
  await page.getByText("nothing lost").waitFor();
  await lockstep.publish("walk", run.slice(0, 80));
  await page.getByText("read_logs failed").waitFor();
  await page.getByRole("navigation", { name: "Sessions" }).getByText("walk").waitFor();
  await page.getByRole("button", { name: "Kill connection" }).click();
  await page.getByText("Reconnecting").waitFor();
  await lockstep.publish("walk", run.slice(80));
  await page.getByText(`${run.length - 80} recovered, none lost`).waitFor({ timeout: 10_000 });
  await page.getByText("infrastructure_monitor finished").first().waitFor();
  expect(errors).toEqual([]);
});

test("the agent of the brief is seen while it works, and by who comes later", async () => {
  const session = "test-session-123";
  const live = await visit(session);
  const errors = collectErrors(live);
  await live.getByText("nothing lost").waitFor();
  await lockstep.run("tests/support/brief_agent.txt");
  const later = await visit(session, { viewport: { width: 360, height: 780 }, colorScheme: "dark" });
  for (const [name, page] of Object.entries({ "desktop-light": live, "phone-dark": later })) {
    const rows = page.getByRole("treegrid").getByRole("row");
    await rows.nth(1).waitFor();
    await page.screenshot({ path: join(SCREENSHOTS, `brief-${name}.png`) });
    expect(await rows.allTextContents()).toEqual([
      expect.stringContaining("Checking Docker..."),
      expect.stringContaining('docker_list_containers{"status":"running"}'),
    ]);
    expect(await page.getByRole("region", { name: "Summary" }).textContent()).toContain(
      "infrastructure_monitor runs docker_list_containers",
    );
    expect(await page.locator(".ls-badge summary").textContent()).toContain("Connectednothing lost");
  }
  expect(errors).toEqual([]);
});

test("a burst of ten thousand reaches two viewers whole, with few rows in the document", async () => {
  await lockstep.publish("busy", demoRun("busy"));
  const page = await visit("busy");
  const errors = collectErrors(page);
  await page.getByText("read_logs failed").waitFor();
  await page.getByRole("button", { name: "Second viewer" }).click();
  await page.frameLocator("iframe").getByText("read_logs failed").waitFor();
  await page.getByRole("button", { name: "Burst 10k" }).click();
  const total = async () => Number((await metric(page, "Events").textContent())?.split(" ")[0]?.replace(/\D/g, ""));
  await page.getByText("burst finished").first().waitFor({ timeout: 20_000 });
  const { events } = await sessionNamed("busy");
  await until(async () => (await total()) === events, `the page counts ${events} events`);
  await page.frameLocator("iframe").getByText("burst finished").first().waitFor();
  expect(events).toBeGreaterThan(9000);
  expect(await page.getByRole("row").count()).toBeLessThan(150);
  expect(errors).toEqual([]);
});

test("the contract shows the schema that the server serves, and the Python it was made into", async () => {
  await lockstep.publish("walk", demoRun("walk").slice(0, 5));
  const page = await visit("walk");
  await page.getByRole("button", { name: "Contract" }).click();
  await page.getByLabel("Contract type").selectOption("tool_call_started");
  const sources = page.locator(".columns pre");
  await until(async () => (await sources.count()) === 3);
  expect(await sources.nth(0).textContent()).toContain('"ToolCallStartedPayload"');
  expect(await sources.nth(1).textContent()).toContain("class ToolCallStartedPayload(");
  expect(await sources.nth(2).textContent()).toContain("export interface ToolCallStartedPayload");
});

async function sessionNamed(name: string): Promise<{ readonly events: number }> {
  const { sessions } = (await (await fetch(`${lockstep.url}/sessions`)).json()) as {
    sessions: { session_id: string; events: number }[];
  };
  const found = sessions.find(({ session_id }) => session_id === name);
  if (!found) throw new Error(`the server knows no session "${name}"`);
  return found;
}
