/** A real Chromium, and pages bundled from the sources in front of it. */

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { until } from "./until.ts";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** `$CHROMIUM`, or the first Chromium on the PATH. */
export function chromiumPath(): string {
  const { CHROMIUM: chosen, PATH = "" } = process.env;
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const candidates = chosen
    ? [chosen]
    : PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = candidates.find((path) => existsSync(path));
  if (!found) throw new Error('Chromium is neither in $CHROMIUM nor on the PATH. Run "make system", or set CHROMIUM.');
  return found;
}

export function launchBrowser({ backForwardCache = false } = {}): Promise<Browser> {
  // Playwright switches the cache off, because its handles do not survive it.
  const ignoreDefaultArgs = backForwardCache ? ["--disable-back-forward-cache"] : [];
  return chromium.launch({ executablePath: chromiumPath(), args: ARGUMENTS, ignoreDefaultArgs });
}

export interface Bundle {
  readonly script: string;
  readonly style: string;
}

/** One script and one style sheet, from an entry in tests/frontend/pages. */
export async function bundle(entry: string, mode: "development" | "production" = "production"): Promise<Bundle> {
  const result = await build({
    entryPoints: { page: join(import.meta.dirname, "../pages", entry), style: "@agui-lockstep/client/styles.css" },
    absWorkingDir: join(import.meta.dirname, "../../.."),
    outdir: "unwritten",
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    jsx: "automatic",
    jsxDev: mode === "development",
    minify: mode === "production",
    conditions: ["@agui-lockstep/source"],
    define: { "process.env.NODE_ENV": JSON.stringify(mode) },
    logLevel: "silent",
  });
  const text = (name: string) => result.outputFiles.find(({ path }) => path.endsWith(name))?.text ?? "";
  return { script: text("page.js"), style: text("style.css") };
}

/** Everything that the page complained about. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return errors;
}

export function textOf(page: Page, selector: string): Promise<string | null> {
  return page.locator(selector).textContent();
}

export function eventually(page: Page, selector: string, text: string): Promise<void> {
  return until(async () => (await textOf(page, selector)) === text, `${selector} says ${text}`);
}
