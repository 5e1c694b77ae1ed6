/** What the client weighs in a browser, beside others that do the same. */

import { expect, test } from "vitest";
import { type Download, measure } from "./support/download.ts";

const EVENTS = "@agui-lockstep/events";
const HOOK = 'export { useAgentEvents } from "@agui-lockstep/client/react"';
/** Bytes that may be downloaded at once for the hook and the core. */
const LIMIT = 6000;

function report(title: string, { atOnce, later }: Download): void {
  const rest = Object.entries(later).map(([path, size]) => `${path.split("/").at(-1)} ${size}`);
  console.log(`${title}: ${atOnce} bytes gzip${rest.length > 0 ? `; later ${rest.join(", ")}` : ""}`);
}

test("hook and core, without React and the generated table", async () => {
  const hook = await measure(HOOK, [EVENTS]);
  report("useAgentEvents and core", hook);
  expect(hook.atOnce).toBeLessThanOrEqual(LIMIT);
  // What the events say, and a warning about many streams: neither is needed to follow a session.
  expect(Object.keys(hook.later).sort()).toEqual([
    "frontend/src/core/fold-later.ts",
    "frontend/src/core/stream-limit.ts",
  ]);
  report("every hook", await measure('export * from "@agui-lockstep/client/react"', [EVENTS]));
  const core = await measure('export { createClient } from "@agui-lockstep/client"', [EVENTS]);
  report("core alone", core);
  expect(core.atOnce).toBeLessThan(hook.atOnce);
});

test("the generated table and validators, and everything together", async () => {
  const table = await measure('export { readEvent } from "@agui-lockstep/events"');
  report("table and runtime", table);
  expect(table.atOnce).toBeLessThanOrEqual(LIMIT);
  const both = await measure(HOOK);
  report("useAgentEvents, core, table and runtime", both);
  expect(both.atOnce).toBeLessThanOrEqual(2 * LIMIT);
  const components = await measure('export * from "@agui-lockstep/client/components"');
  report("every component, with all of that", components);
  // The components show what the events say: for them the fold is no second download.
  expect(components.later["frontend/src/core/fold-later.ts"]).toBeLessThan(100);
});

test("the official client of AG-UI, beside it", async () => {
  const anchor = await measure('export { HttpAgent } from "@ag-ui/client"');
  report("HttpAgent of @ag-ui/client", anchor);
  expect(anchor.atOnce).toBeGreaterThan((await measure(HOOK)).atOnce);
});
