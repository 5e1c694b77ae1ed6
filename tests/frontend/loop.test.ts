/** The developer's loop: `lockstep watch`, `lockstep serve --reload` and Vite's server, and an edit of the schema that shows in the page. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./support/browser.ts";
import { until } from "./support/until.ts";

const ROOT = join(import.meta.dirname, "../..");
const LOCKSTEP = join(ROOT, ".venv/bin/lockstep");

const PAGE = `
import { EVENT_TYPES } from "../generated/typescript/src/index.ts";

const say = (id: string, text: string) => document.getElementById(id)!.append(text);
say("page", EVENT_TYPES.join(" "));
const ask = async (): Promise<void> => {
  const answer = await fetch("/schema").catch(() => undefined);
  if (answer?.ok) say("server", await answer.text());
};
setInterval(ask, 200);
`;
const DOCUMENT = `<main id="page"></main><pre id="server"></pre><script type="module" src="./main.ts"></script>`;

const started: ChildProcess[] = [];
let folder: string;
let browser: Browser;
let vite: ViteDevServer;
let server: string;

/** Starts a command in the contract's folder; resolves with what `pattern` finds in its output. */
function start(parameters: readonly string[], pattern: RegExp): Promise<string> {
  const { REDIS_URL: _, ...environment } = process.env;
  const own = {
    PYTHONPATH: join(folder, "generated/python"),
    LOCKSTEP_DATA_DIR: join(folder, ".data"),
    LOCKSTEP_CONTRACT: "acme_events",
  };
  const child = spawn(LOCKSTEP, parameters, { cwd: folder, env: { ...environment, ...own } });
  started.push(child);
  let output = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const found = pattern.exec(output);
      if (found) resolve(found[1] ?? found[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) => reject(new Error(`lockstep ${parameters[0]} ended with ${code}:\n${output}`)));
  });
}

beforeAll(async () => {
  folder = join(mkdtempSync(join(tmpdir(), "loop-")), "acme");
  execFileSync(LOCKSTEP, ["init", folder, "--name", "acme_events", "--npm", "@acme/events"]);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "page"));
  writeFileSync(join(folder, "page/index.html"), DOCUMENT);
  writeFileSync(join(folder, "page/main.ts"), PAGE);
  execFileSync(LOCKSTEP, ["generate"], { cwd: folder });
  [server, browser] = await Promise.all([
    start(["serve", "--reload", "--port", "0"], /on (http:\/\/127\.0\.0\.1:\d+)/),
    launchBrowser(),
    start(["watch"], /watching/),
  ]);
  vite = await createServer({
    root: folder,
    configFile: false,
    logLevel: "error",
    cacheDir: join(folder, ".vite"),
    resolve: { conditions: ["@agui-lockstep/source"] },
    server: { port: 0, fs: { strict: false }, proxy: { "/schema": server } },
  });
  await vite.listen();
}, 60_000);

afterAll(async () => {
  await Promise.all([browser.close(), vite.close()]);
  for (const child of started) {
    child.removeAllListeners("exit");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    await ended;
  }
  rmSync(join(folder, ".."), { recursive: true, force: true });
}, 30_000);

/** The schema with one more event, a copy of the one that it has. */
function withAnotherEvent(text: string): string {
  const schema = JSON.parse(text);
  const { DeploymentRequestedEvent: event, DeploymentRequestedPayload: payload } = schema.$defs;
  schema.oneOf.push({ $ref: "#/$defs/DeploymentApprovedEvent" });
  const approved = JSON.parse(
    JSON.stringify(event)
      .replaceAll("deployment_requested", "deployment_approved")
      .replaceAll("DeploymentRequested", "DeploymentApproved"),
  );
  Object.assign(schema.$defs, { DeploymentApprovedEvent: approved, DeploymentApprovedPayload: payload });
  return JSON.stringify(schema, undefined, 2);
}

test("an edit of the schema shows in the open page, which nobody reloads, and on the server", async () => {
  const page = await browser.newPage();
  const address = vite.resolvedUrls?.local[0];
  await page.goto(`${address}page/index.html`);
  const shows = (id: string, text: string) => async () => (await page.locator(id).textContent())?.includes(text);
  const visible = async (id: string, text: string) =>
    until(async () => (await shows(id, text)().catch(() => false)) === true, `${id} shows ${text}`, 40_000);
  await visible("#page", "deployment_requested");
  await visible("#server", "DeploymentRequestedEvent");
  expect(await shows("#page", "deployment_approved")()).toBe(false);

  const schema = join(folder, "schema/events.schema.json");
  writeFileSync(`${schema}.new`, withAnotherEvent(readFileSync(schema, "utf8")));
  renameSync(`${schema}.new`, schema);

  await visible("#page", "deployment_approved");
  await visible("#server", "DeploymentApprovedEvent");
}, 90_000);
