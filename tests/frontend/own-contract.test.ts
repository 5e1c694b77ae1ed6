/** A contract of one's own: client and hooks are typed by it, and the badge compares the server's with it. */

import { type AgentEventsOptions, createClient, type SessionSnapshot } from "@agui-lockstep/client";
import { ConnectionBadge } from "@agui-lockstep/client/components";
import type { useAgentEventEffect, useAgentEvents } from "@agui-lockstep/client/react";
import { eventMaker, ScriptedServer } from "@agui-lockstep/client/testing";
import { type AgentEvent, type Contract, contract as ours, type RunStartedEvent } from "@agui-lockstep/events";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, expectTypeOf, test } from "vitest";
import { until } from "./support/until.ts";

interface PagerRangEvent extends Omit<RunStartedEvent, "type" | "payload"> {
  type: "pager_rang";
  payload: { who: string };
}

type OpsEvent = AgentEvent | PagerRangEvent;

const contract: Contract<OpsEvent> = { ...ours, version: "3.1.0", digest: "sha256:ops" } as Contract<OpsEvent>;

test("what a client hears and shows is typed by the contract that it is given", () => {
  const client = createClient("abc", { contract });
  client.listen((event) => expectTypeOf(event).toEqualTypeOf<OpsEvent>());
  expectTypeOf(client.getSnapshot().events).toEqualTypeOf<readonly OpsEvent[]>();
  expectTypeOf<AgentEventsOptions<OpsEvent>["types"]>().toEqualTypeOf<readonly OpsEvent["type"][] | undefined>();
  // Without one, nothing has changed.
  expectTypeOf(createClient("abc").getSnapshot()).toEqualTypeOf<SessionSnapshot<AgentEvent>>();
  expectTypeOf(createClient("abc", { types: ["run_started"] }).getSnapshot()).toEqualTypeOf<SessionSnapshot>();
});

test("the hooks infer it, too", () => {
  // Never called: what a component would say, for the compiler.
  const component = (events: typeof useAgentEvents, effect: typeof useAgentEventEffect) => {
    expectTypeOf(events("abc", { contract }).events).toEqualTypeOf<readonly OpsEvent[]>();
    effect("abc", "pager_rang", (event) => expectTypeOf(event.payload.who).toEqualTypeOf<string>(), { contract });
    effect("abc", "run_started", (event) => expectTypeOf(event).toEqualTypeOf<RunStartedEvent>());
    // @ts-expect-error: no contract here has that type
    effect("abc", "pager_rang", () => undefined);
  };
  expect(component).toBeTypeOf("function");
});

test("the badge compares the server's contract with the page's own", () => {
  const alert = (digest: string, options: AgentEventsOptions<OpsEvent> = {}) => {
    const server = { name: "ops_events", version: "3.2.0", digest };
    const session = { ...createClient("abc", options).getSnapshot(), server };
    const markup = renderToStaticMarkup(createElement(ConnectionBadge, { session }));
    return markup.match(/The server speaks version [^:]*/)?.[0].replaceAll(/<!-- -->/g, "");
  };
  expect(alert(ours.digest)).toBeUndefined();
  expect(alert("sha256:ops", { contract })).toBeUndefined();
  expect(alert("sha256:ops")).toBe(`The server speaks version 3.2.0 of the contract, this page ${ours.version}`);
  expect(alert("sha256:new", { contract })).toBe("The server speaks version 3.2.0 of the contract, this page 3.1.0");
  expect(alert("sha256:new", { contract: { read: contract.read } })).toBeUndefined();
});

test("an event that only a team's contract knows arrives like any other, and is a moment of its session", async () => {
  const names = ["pager_rang", "constructor"];
  const reading: Pick<Contract<OpsEvent>, "read"> = {
    read(input, options) {
      const document = JSON.parse(input as string);
      if (!names.includes(document.type)) return ours.read(input, options);
      return { verdict: "known", event: document, ignored: [] };
    },
  };
  const server = new ScriptedServer();
  const client = createClient("session-1", { baseUrl: "http://test", fetch: server.fetch, contract: reading });
  client.open();
  const run = eventMaker()("run_started", {}, { run_id: "r1" });
  server.send(run);
  names.forEach((type, index) => {
    const own = { ...run, event_id: `own-${index}`, type, payload: { who: "Ada" } };
    server.sendRaw(`id: test.${index + 2}\ndata: ${JSON.stringify(own)}\n\n`);
  });
  await until(() => client.getSnapshot().moments.length === names.length);
  const { events, metrics, quarantine } = client.getSnapshot();
  expect(events.map((event) => (event.type === "pager_rang" ? event.payload.who : event.type))).toEqual([
    "run_started",
    "Ada",
    "constructor",
  ]);
  expect({ ...metrics.byType }).toEqual({ run_started: 1, pager_rang: 1, constructor: 1 });
  expect(quarantine).toEqual([]);
  client.close();
});
