/** The fold as an application gets it: a file of its own, which a real Chromium loads when it is needed. */

import type { AgentEventsClient } from "@agui-lockstep/client";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./support/browser.ts";
import { EventServer } from "./support/event-server.ts";
import { delta, frame, started } from "./support/frames.ts";
import { ROOT } from "./support/packed.ts";
import { until } from "./support/until.ts";

declare global {
  interface Window {
    client: AgentEventsClient;
  }
}

const SIZE = 3000;
const CODE = `
  import { createClient } from "@agui-lockstep/client";
  window.client = createClient("s1");
  window.client.open();
`;

let browser: Browser;
let server: EventServer;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await EventServer.start();
  server.script("s1", async (stream) => {
    stream.begin();
    const events = Array.from({ length: SIZE }, (_, index) => frame(index + 1, delta("x")));
    await stream.write(started(0) + events.join(""));
  });
  const { outputFiles } = await build({
    stdin: { contents: CODE, resolveDir: ROOT },
    ...{ bundle: true, splitting: true, write: false, format: "esm", outdir: "unwritten" },
    conditions: ["@agui-lockstep/source"],
  });
  for (const { path, text } of outputFiles) {
    server.page(`/${path.split("/").at(-1)}`, "text/javascript", text);
  }
  const script = '<script type="module" src="/stdin.js"></script>';
  server.page("/", "text/html", `<!doctype html><link rel="icon" href="data:,">${script}`);
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

const eventsOf = (page: Page) => page.evaluate(() => window.client?.getSnapshot().stats.events);
const textOf = (page: Page) => page.evaluate(() => window.client.getSnapshot().messages[0]?.text.length);

/** A page that has every event; `requests` says, for each time it asked for the fold, whether it was answered. */
async function followed(network: { online: boolean }): Promise<{ page: Page; requests: boolean[] }> {
  const page = await browser.newPage();
  const requests: boolean[] = [];
  await page.route("**/fold-later-*", (route) => {
    requests.push(network.online);
    return network.online ? route.continue() : route.abort();
  });
  await page.goto(server.url);
  await until(async () => (await eventsOf(page)) === SIZE);
  return { page, requests };
}

test("is not loaded for events alone, and takes in all of them when it is", async () => {
  const { page, requests } = await followed({ online: true });
  expect(await page.evaluate(() => window.client.getSnapshot().events.length)).toBe(SIZE);
  expect(requests).toEqual([]);
  const before = await page.evaluate(() => window.client.getSnapshot().messages);
  expect(before).toEqual([]);
  await until(async () => (await textOf(page)) === SIZE);
  expect(requests).toEqual([true]);
});

test("is asked for again after a while, when it could not be loaded", async () => {
  const network = { online: false };
  const { page, requests } = await followed(network);
  const asking = Date.now();
  while (Date.now() - asking < 1000) expect(await textOf(page)).toBeUndefined();
  expect(requests).toEqual([false]);
  network.online = true;
  await until(async () => (await textOf(page)) === SIZE, "the fold came", 15_000);
  expect(requests).toEqual([false, true]);
});
