/** The event server with one bundled page in front of it. */

import { bundle } from "./browser.ts";
import { EventServer } from "./event-server.ts";

/** What a careful site sends: no inline script, no eval, nothing from elsewhere. */
export const STRICT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'";

/** Serves tests/frontend/pages/<name>.tsx at `/`. */
export async function servePage(name: string, mode: "development" | "production" = "production"): Promise<EventServer> {
  const server = await EventServer.start();
  const { script, style } = await bundle(`${name}.tsx`, mode);
  const html = `<!doctype html><html lang="en"><title>${name}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"><div id="root"></div><script type="module" src="/page.js"></script></html>`;
  return server
    .page("/", "text/html", html, { "content-security-policy": STRICT_POLICY })
    .page("/page.js", "text/javascript", script)
    .page("/page.css", "text/css", style)
    .page("/elsewhere", "text/html", "<!doctype html><html lang=en><title>elsewhere</title><p>elsewhere</p></html>");
}
