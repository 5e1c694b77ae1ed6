/** Deltas added up as text, beside each folded by itself. */

import { eventMaker } from "@agui-lockstep/client/testing";
import type { AgentEvent } from "@agui-lockstep/events";
import { expect, test } from "vitest";
import { EventText } from "../../frontend/src/core/event-log.ts";
import { SessionView } from "../../frontend/src/core/view.ts";
import { type RandomBelow, randomBelow } from "./support/random.ts";

const make = () => eventMaker({ run_id: "r1", agent: "monitor" });

const PIECES = [
  '"',
  "\\",
  "\n",
  "{",
  "}",
  '"}',
  '"}}',
  '","',
  '"},"',
  ",",
  ":",
  "é",
  "😀",
  '"delta":"',
  '"type":"',
  "",
  "word ",
];

/** Deltas of a few texts in a few envelopes, and now and then something else. */
function someEvent(random: RandomBelow, event: ReturnType<typeof make>): AgentEvent {
  const id = `${random(3)}${random(30) ? "" : PIECES[random(PIECES.length)]}`;
  const delta = Array.from({ length: random(4) }, () => PIECES[random(PIECES.length)]).join("");
  const envelope = [
    {},
    {},
    {},
    { agent: PIECES[random(PIECES.length)] },
    { agent: undefined as never },
    { at: random(999) },
  ];
  const more = envelope[random(envelope.length)] as object;
  switch (random(9)) {
    case 0:
      return event("reasoning_message_delta", { message_id: id, delta }, more);
    case 1:
    case 2:
    case 3:
      return event("tool_call_args_delta", { tool_call_id: id, delta }, more);
    case 4:
      return [
        event("agent_message_completed", { message_id: id }, more),
        event("tool_call_args_completed", { tool_call_id: id }, more),
        event("run_started", { thread_id: id }, more),
        event("state_delta", { delta: [] }, more),
        event("agent_message_chunk", { message_id: id, delta }, more),
      ][random(5)] as AgentEvent;
    default:
      return event("agent_message_delta", { message_id: id, delta }, more);
  }
}

/** The same event as JSON, its members in one of the orders that they come in, and some that only look like others. */
function textOf(event: AgentEvent, random: RandomBelow): string {
  const { type, payload, ...about } = event as AgentEvent & { payload: Record<string, unknown> };
  const usual = { ...about, type, payload };
  const within = { payload: { message_id: "1", delta: "x" } };
  const metadata = [{ delta: "x" }, { type: "agent_message_delta", ...within }, { a: "b", ...within }][random(3)];
  const orders = [
    { payload, ...about, type },
    { ...usual, metadata },
    { metadata, ...usual },
  ];
  return JSON.stringify(
    [usual, usual, usual, event, { ...usual, payload: { ...payload, note: "x" } }, orders[random(3)]][random(6)],
  );
}

test("deltas added up as text say the same as each by itself, whenever somebody looks", () => {
  const seed = Date.now();
  const random = randomBelow(seed);
  for (let round = 0; round < 300; round++) {
    const event = make();
    const [view, each] = [new SessionView(), new SessionView()];
    for (let index = 0; index < 120; index++) {
      const text = textOf(someEvent(random, event), random);
      view.take(random(15) ? new EventText(text) : { event: JSON.parse(text) });
      each.apply(JSON.parse(text));
      if (random(25) === 0) expect(view.snapshot(), `seed ${seed}`).toEqual(each.snapshot());
    }
    expect(view.snapshot(), `seed ${seed}`).toEqual(each.snapshot());
  }
});

test("of deltas added up only the first and the last are made into events", () => {
  const event = make();
  const view = new SessionView();
  const readings = Array.from({ length: 100 }, () => {
    const text = JSON.stringify(event("agent_message_delta", { message_id: "m", delta: '"x" ' }));
    const reading = {
      made: 0,
      text,
      get event() {
        reading.made++;
        return JSON.parse(text) as AgentEvent;
      },
    };
    return reading;
  });
  for (const reading of readings) view.take(reading);
  expect(view.snapshot().messages).toMatchObject([{ text: '"x" '.repeat(100), events: 100 }]);
  expect(readings.flatMap(({ made }, index) => (made > 0 ? [index] : []))).toEqual([0, 99]);
});
