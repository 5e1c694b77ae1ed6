/** The inspector, built and served as the Python server serves it, in front of scripted sessions. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { EventServer } from "./event-server.ts";

const ROOT = join(import.meta.dirname, "../../..");
const OUT = join(ROOT, "node_modules/.cache/inspector");
const KINDS: Record<string, string> = { js: "text/javascript", css: "text/css", svg: "image/svg+xml" };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

export function buildInspector(): Promise<unknown> {
  const configFile = join(ROOT, "frontend/inspector/vite.config.ts");
  return build({ configFile, logLevel: "warn", build: { outDir: OUT } });
}

/** Call `buildInspector` before. */
export async function serveInspector(sessions: readonly string[]): Promise<EventServer> {
  const server = await EventServer.start();
  const list = sessions.map((session_id) => ({ session_id, events: 148, last_activity: Date.now() / 1000 }));
  server
    .page("/", "text/html", readFileSync(join(OUT, "index.html")), { "content-security-policy": POLICY })
    .page("/sessions", "application/json", JSON.stringify({ sessions: list }))
    .page("/schema", "application/json", readFileSync(join(ROOT, "schema/events.schema.json")));
  for (const name of readdirSync(join(OUT, "static"))) {
    const kind = KINDS[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    server.page(`/static/${name}`, kind, readFileSync(join(OUT, "static", name)));
  }
  return server;
}
