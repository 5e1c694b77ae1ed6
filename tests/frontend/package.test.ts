/** The packed client: checked by the tools that know how packages go wrong, and used in new applications. */

import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collectErrors, launchBrowser } from "./support/browser.ts";
import { EventServer } from "./support/event-server.ts";
import { event, frame, started } from "./support/frames.ts";
import { newApplication, ROOT } from "./support/packed.ts";
import { STRICT_POLICY } from "./support/page-server.ts";
import { until } from "./support/until.ts";

const FRONTEND = join(ROOT, "frontend");
const bin = (name: string) => join(ROOT, "node_modules/.bin", name);

let browser: Browser;
let server: EventServer;
/** The client as it is packed now. */
let packed: string;

beforeAll(async () => {
  packed = join(newApplication("checked"), "node_modules/@agui-lockstep/client");
  browser = await launchBrowser();
  server = await EventServer.start();
  server.script("s1", async (stream) => {
    stream.begin();
    const start = event("tool_call_started", { tool_call_id: "c1", tool_name: "docker_list_containers", args: {} });
    await stream.write(started(stream.after) + frame(stream.after + 1, start));
  });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await server.close();
});

/** Output of a tool that must find nothing. */
function run(command: string, parameters: readonly string[], cwd: string): string {
  try {
    const environment = { ...process.env, NO_COLOR: "1", NEXT_TELEMETRY_DISABLED: "1" };
    return execFileSync(bin(command), parameters, { cwd, encoding: "utf8", env: environment, stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${parameters.join(" ")}\n${stdout}\n${stderr}`);
  }
}

test("publint, attw and size-limit find nothing", () => {
  expect(run("publint", [packed], FRONTEND)).toContain("All good!");
  // The package is ESM only, and a style sheet has no types.
  run("attw", ["--pack", FRONTEND, "--profile", "esm-only", "--exclude-entrypoints", "styles.css"], FRONTEND);
  console.log(run("size-limit", [], FRONTEND));
}, 120_000);

test("every module that uses hooks says that it is for the client", () => {
  const folders = ["react", "components"].map((name) => join(packed, "dist", name));
  const modules = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const hooked = modules.filter((path) => path.endsWith(".js") && /from "react"/.test(readFileSync(path, "utf8")));
  expect(hooked.length).toBeGreaterThan(10);
  for (const path of hooked) expect(readFileSync(path, "utf8"), path).toMatch(/^(\/\/.*\n)*"use client";/);
});

test("works in a new Vite application", async () => {
  const application = newApplication("vite");
  const page = join(import.meta.dirname, "pages/snippet.tsx");
  writeFileSync(join(application, "main.tsx"), readFileSync(page));
  writeFileSync(
    join(application, "index.html"),
    '<!doctype html><html lang="en"><title>app</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/main.tsx"></script></html>',
  );
  run("vite", ["build", "--logLevel", "error"], application);
  const out = join(application, "dist");
  server.page("/", "text/html", readFileSync(join(out, "index.html")), { "content-security-policy": STRICT_POLICY });
  for (const name of readdirSync(join(out, "assets"))) {
    server.page(`/assets/${name}`, "text/javascript", readFileSync(join(out, "assets", name)));
  }
  const visitor = await browser.newPage();
  const errors = collectErrors(visitor);
  const requested: string[] = [];
  visitor.on("request", (request) => requested.push(request.url()));
  await visitor.goto(server.url);
  await visitor.getByText("docker_list_containers").waitFor();
  expect(errors).toEqual([]);
  // The snippet reads `events` alone: what computes the rest is a file of its own, and stays where it is.
  expect(readdirSync(join(out, "assets")).filter((name) => name.startsWith("fold-later-"))).toHaveLength(1);
  expect(requested.filter((url) => url.includes("/fold-later-"))).toEqual([]);
  await visitor.close();
}, 60_000);

test("types hold in a new application with strict settings", () => {
  const application = newApplication("typed");
  writeFileSync(join(application, "main.tsx"), readFileSync(join(import.meta.dirname, "pages/snippet.tsx")));
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: false, jsx: "react-jsx", lib: ["ES2022", "DOM", "DOM.Iterable"] },
    ...{ target: "ES2022", module: "ESNext", moduleResolution: "Bundler", types: [] },
  };
  writeFileSync(join(application, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["main.tsx"] }));
  run("tsc", ["-p", application], application);
}, 60_000);

test("the Next.js example builds, starts, renders on the server and streams without buffering", async () => {
  const application = newApplication("nextjs", join(FRONTEND, "examples/nextjs"));
  run("next", ["build"], application);
  const port = await freePort();
  const next = spawn(process.execPath, [bin("next"), "start", "-p", `${port}`], {
    cwd: application,
    env: { ...process.env, LOCKSTEP_URL: server.url, NEXT_TELEMETRY_DISABLED: "1" },
    stdio: "ignore",
  });
  try {
    const url = `http://127.0.0.1:${port}/?session=s1`;
    await until(
      () =>
        fetch(url).then(
          (answer) => answer.ok,
          () => false,
        ),
      "next start answers",
      30_000,
    );
    expect(await (await fetch(url)).text()).toContain("Session <!-- -->s1");
    const visitor = await browser.newPage();
    const errors = collectErrors(visitor);
    await visitor.goto(url);
    // The stream stays open: what arrives was not held back until its end.
    await visitor.locator("output", { hasText: "docker_list_containers" }).waitFor();
    expect(server.live("s1")).toBe(1);
    await visitor.close();
    await until(() => server.live("s1") === 0, "the server's stream ends with the page");
    expect(errors).toEqual([]);
  } finally {
    next.kill();
  }
}, 180_000);

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
