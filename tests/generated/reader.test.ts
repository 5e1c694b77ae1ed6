/** A stream's reader: it spares work, and no verdict changes. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { members, object } from "../../codegen/lockstep_codegen/runtime/typescript/composite.ts";
import { integer, json, oneOf, text, token } from "../../codegen/lockstep_codegen/runtime/typescript/leaf.ts";
import { read, type Verdict } from "../../codegen/lockstep_codegen/runtime/typescript/read.ts";
import { createReader, type EventReader } from "../../codegen/lockstep_codegen/runtime/typescript/reader.ts";
import { table } from "../../codegen/lockstep_codegen/runtime/typescript/table.ts";
import { contract, readEvent } from "../../generated/typescript/src/index.ts";

const TABLE = table(members({ event_id: token("^(e|f)[0-9]{1,4}$") }), {
  said: [object({ words: text() }, { agent: text() })],
  counted: [object({ count: integer() }, { any: json, mood: oneOf("glad", "sad"), short: text(0, 3) })],
});

/** What a reader says, and in full where it says that it knows the looks of a text. */
function verdict<Known>(next: EventReader<Known>, input: unknown): Verdict<Known> {
  const ruling = next(input);
  return ruling.verdict === "familiar" ? { verdict: "known", event: JSON.parse(input as string), ignored: [] } : ruling;
}

/** A reader, and how often it had to judge. */
function counting() {
  let judged = 0;
  const accepts = (value: unknown) => {
    judged++;
    return TABLE.event.accepts(value);
  };
  const next = createReader({ ...TABLE, event: { ...TABLE.event, accepts } });
  return { next, judged: () => judged };
}

const said = (words: string, more: object = {}, id = "e1") =>
  JSON.stringify({ event_id: id, type: "said", payload: { words, ...more } });

test("what looks like what it knows is judged no more", () => {
  const { next, judged } = counting();
  for (let index = 0; index < 200; index++) {
    const words = `${index} "quoted" \\ \n é 漢`;
    const event = { event_id: `e${index}`, type: "said", payload: { words } };
    expect(verdict(next, JSON.stringify(event))).toEqual({ verdict: "known", event, ignored: [] });
  }
  expect(judged()).toBe(16);
  expect(next(said("y"))).toEqual({ verdict: "familiar" });
});

test("members may come and go", () => {
  const { next, judged } = counting();
  for (let index = 0; index < 400; index++) next(said("x", index % 3 === 0 ? { agent: "a" } : {}));
  const before = judged();
  expect(before).toBeLessThan(100);
  for (let index = 0; index < 400; index++) next(said("x", index % 3 === 0 ? { agent: "a" } : {}));
  expect(judged()).toBe(before);
});

test.each<[string, object]>([
  ["numbers", { count: 1 }],
  ["opaque values", { count: 1, any: ["x"] }],
])("%s are judged every time", (_what, payload) => {
  const { next, judged } = counting();
  for (let index = 0; index < 100; index++) {
    expect(next(JSON.stringify({ event_id: "e1", type: "counted", payload })).verdict).toBe("known");
  }
  expect(judged()).toBe(100);
});

const NEAR: Readonly<Record<string, unknown>> = {
  "half a pair": said("\ud83d"),
  "half a pair, escaped": '{"event_id":"e1","type":"said","payload":{"words":"\\ud83d"}}',
  "a whole pair, escaped": '{"event_id":"e1","type":"said","payload":{"words":"\\ud83d\\ude00"}}',
  "a whole pair": said("😀"),
  "a control character": '{"event_id":"e1","type":"said","payload":{"words":"a\nb"}}',
  "another control character": '{"event_id":"e1","type":"said","payload":{"words":"\x1f"}}',
  "a backslash at the end": '{"event_id":"e1","type":"said","payload":{"words":"a\\"}}',
  "an escape that JSON lacks": '{"event_id":"e1","type":"said","payload":{"words":"\\x"}}',
  "a member twice": '{"event_id":"e1","type":"said","payload":{"words":"a","words":3}}',
  "the event's member twice": '{"event_id":"e1","type":"said","payload":{"words":"a"},"payload":3}',
  "a name that is escaped": '{"event_id":"e1","type":"said","payload":{"word\\u0073":"a"}}',
  "a member more": said("x", { extra: 1 }),
  "another value": said("x", { agent: null }),
  "another order": '{"type":"said","event_id":"e1","payload":{"words":"a"}}',
  "white space": ' {"event_id":"e1","type":"said","payload":{"words":"a"}}\n',
  "more behind it": `${said("x")}x`,
  "another token": said("x", {}, "g1"),
  "a token that is too long": said("x", {}, "e12345"),
  "a token with a line feed": said("x", {}, "e1\n"),
  "a token in escapes": '{"event_id":"\\u00651","type":"said","payload":{"words":"a"}}',
  "another type": said("x").replace("said", "sung"),
  "a type within": '{"event_id":"e1","payload":{"words":"\\"type\\":\\"said\\""},"type":"said"}',
  "a long text": said("\\".repeat(50_000)),
  bytes: new TextEncoder().encode(said("x")),
  "a value": JSON.parse(said("x")),
  nothing: "",
  "no text at all": undefined,
};

test.each(Object.entries(NEAR))("near to what it knows: %s", (_what, input) => {
  const { next } = counting();
  for (let index = 0; index < 50; index++) next(said(`${index}`));
  expect(verdict(next, input)).toEqual(read(TABLE, input));
});

test("nothing is learnt of long texts: a pattern could run out of memory over them", () => {
  const { next, judged } = counting();
  for (let index = 0; index < 15; index++) next(said("x"));
  // The sixteenth of its type is what a form would be made of; over this one the pattern does run out.
  expect(next(said("\n".repeat(12_000_000))).verdict).toBe("known");
  expect(judged()).toBe(16);
});

const GOLDEN = join(import.meta.dirname, "../golden/events");

test("the contract's reader agrees with readEvent on golden events, as they are and with characters changed", () => {
  const texts = readdirSync(GOLDEN).map((file) => JSON.stringify(JSON.parse(readFileSync(join(GOLDEN, file), "utf8"))));
  const next = contract.createReader();
  for (let round = 0; round < 20; round++) {
    for (const each of texts) expect(verdict(next, each)).toEqual(readEvent(each));
  }
  const spoilt = ['"', "\\", "{", "}", ",", ":", "x", "1", "\n", "é", "\ud83d", "\\u0041", "null", ""];
  for (const each of texts) {
    for (let at = 0; at < each.length; at += 3) {
      const changed = each.slice(0, at) + spoilt[at % spoilt.length] + each.slice(at + 1);
      expect(verdict(next, changed), changed).toEqual(readEvent(changed));
    }
  }
});
