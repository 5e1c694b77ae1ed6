/** Our reading of the event stream format, beside eventsource-parser. */

import { createParser as createPeer } from "eventsource-parser";
import { expect, test } from "vitest";
import { createParser } from "../../frontend/src/core/event-stream.ts";
import { randomBelow } from "./support/random.ts";

type Heard = readonly [id: string | undefined, event: string | undefined, data: string] | number;

/** Both readers on the same pieces: what each has heard. */
function hear(pieces: readonly string[]): { readonly ours: Heard[]; readonly peers: Heard[] } {
  const ours: Heard[] = [];
  const peers: Heard[] = [];
  const parse = createParser({
    // An empty name of an event is none.
    onMessage: (id, event, data) => ours.push([id, event || undefined, data]),
    onRetry: (ms) => ours.push(ms),
  });
  const peer = createPeer({
    onEvent: ({ id, event, data }) => peers.push([id, event, data]),
    onRetry: (ms) => peers.push(ms),
  });
  for (const piece of pieces) {
    parse(piece);
    peer.feed(piece);
  }
  return { ours, peers };
}

const lockstep = 'id: e1.7\nevent: tool_call_started\ndata: {"a":1}\n\n';

test.each<[string, string[], Heard[]]>([
  ["a frame as the server writes it", [lockstep], [["e1.7", "tool_call_started", '{"a":1}']]],
  ["a frame in single characters", [...lockstep], [["e1.7", "tool_call_started", '{"a":1}']]],
  ["lines that end with CR LF", [lockstep.replaceAll("\n", "\r\n")], [["e1.7", "tool_call_started", '{"a":1}']]],
  [
    "a CR and its LF in two pieces",
    ["data: a\r", "\n\r", "\ndata: b\r", "\n\r\n"],
    [
      [undefined, undefined, "a"],
      [undefined, undefined, "b"],
    ],
  ],
  ["lines that end with CR alone", ["data: a\rdata: b\r\r:\n"], [[undefined, undefined, "a\nb"]]],
  ["fields in another order", ["data: x\nid: 1\nevent: e\n\n"], [["1", "e", "x"]]],
  ["a line of data more", ["id: 1\nevent: e\ndata: x\ndata: y\n\n"], [["1", "e", "x\ny"]]],
  ["no space after the colon, or two", ["data:x\ndata:  y\n\n"], [[undefined, undefined, "x\n y"]]],
  ["a field without a colon", ["data\n\n"], [[undefined, undefined, ""]]],
  ["a comment and a heartbeat", [": hello\n\n:\n\ndata: x\n\n"], [[undefined, undefined, "x"]]],
  ["an id and no data", ["id: 1\n\ndata: x\n\n"], [[undefined, undefined, "x"]]],
  ["an id with a NUL", ["id: a\0b\nevent: e\ndata: x\n\n"], [[undefined, "e", "x"]]],
  ["a time to reconnect after", ["retry: 250\nretry: soon\ndata: x\n\n"], [250, [undefined, undefined, "x"]]],
  ["fields that nobody knows", ["foo: bar\ndata: x\n\n"], [[undefined, undefined, "x"]]],
  ["an end that never comes", ["data: x\n"], []],
])("%s", (_name, pieces, heard) => {
  const { ours, peers } = hear(pieces);
  expect(ours).toEqual(heard);
  expect(peers).toEqual(heard);
});

const WORDS = [
  "id",
  "event",
  "data",
  "retry",
  "foo",
  ":",
  ": ",
  " ",
  "1",
  "25",
  "x",
  "é",
  "😀",
  "\0",
  "\n",
  "\n\n",
  "\r",
  "\r\n",
];

test("twenty thousand streams made of the format's own words, cut anywhere", () => {
  const seed = Date.now();
  const below = randomBelow(seed);
  for (let stream = 0; stream < 20_000; stream++) {
    const parts = Array.from({ length: below(24) }, () => (below(4) === 0 ? lockstep : WORDS[below(WORDS.length)]));
    // The comment at the end makes the peer give out what it holds back after a CR.
    const text = `${parts.join("")}\n\n:\n`;
    const pieces: string[] = [];
    for (let at = 0; at < text.length; ) {
      const next = at + 1 + below(below(2) === 0 ? 4 : text.length);
      pieces.push(text.slice(at, next));
      at = next;
    }
    const { ours, peers } = hear(pieces);
    expect(ours, `seed ${seed}: ${JSON.stringify(pieces)}`).toEqual(peers);
  }
});

test("a long line in many pieces is looked through once", () => {
  const line = "x".repeat(1000);
  const { ours } = hear(["data: ", ...Array.from({ length: 20_000 }, () => line), "\n\n"]);
  expect((ours[0] as readonly string[])[2]).toHaveLength(20_000_000);
});
