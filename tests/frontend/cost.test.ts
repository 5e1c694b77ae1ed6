/** What judging every event costs, beside what reading it costs anyway. Printed, not asserted: machines differ. */

import { type AgentEvent, contract } from "@agui-lockstep/events";
import { createParser as createPeer } from "eventsource-parser";
import { expect, test } from "vitest";
import { createEventLog, EventText } from "../../frontend/src/core/event-log.ts";
import { createParser } from "../../frontend/src/core/event-stream.ts";
import { SessionView } from "../../frontend/src/core/view.ts";
import { demoRun } from "./support/demo.ts";
import { frame } from "./support/frames.ts";

const SIZE = 100_000;
/** Characters of one network read. */
const CHUNK = 16_384;
const ROUNDS = 3;

test("parsing and judging 100 000 events, beside eventsource-parser and JSON.parse alone", () => {
  const run = demoRun("s1");
  const text = Array.from({ length: SIZE }, (_, index) => frame(index, run[index % run.length] as never)).join("");
  const chunks = Array.from({ length: Math.ceil(text.length / CHUNK) }, (_, index) =>
    text.slice(index * CHUNK, (index + 1) * CHUNK),
  );
  const peer = () => {
    const parser = createPeer({ onEvent: ({ data }) => JSON.parse(data) });
    for (const chunk of chunks) parser.feed(chunk);
  };
  const each = (use: (data: string) => void) => {
    const feed = createParser({ onMessage: (_id, _event, data) => use(data), onRetry() {} });
    for (const chunk of chunks) feed(chunk);
  };
  let known = 0;
  const read = () => {
    const next = contract.createReader();
    each((data) => {
      const ruling = next(data);
      // The client leaves it at the text until somebody reads the event.
      const event = ruling.verdict === "familiar" ? JSON.parse(data) : ruling.verdict === "known" && ruling.event;
      if (event) known++;
    });
  };
  const fold = () => {
    const log = createEventLog<AgentEvent>();
    const next = contract.createReader();
    let view = new SessionView();
    each((data) => {
      const ruling = next(data);
      if (ruling.verdict === "unknown" || ruling.verdict === "invalid") return;
      const reading = ruling.verdict === "known" ? ruling : new EventText<AgentEvent>(data);
      // The run is repeated, and a message that never ends would grow without end.
      if (data.includes('"type":"run_started"')) view = new SessionView();
      log.push(reading);
      view.take(reading);
    });
  };
  const jobs = { "eventsource-parser and JSON.parse": peer, "read and judged": read, "and folded": fold };
  const best: Record<string, number> = {};
  // In turns, so that a busy moment of the machine does not fall on one of them.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, job] of Object.entries(jobs)) {
      // Processor time, so that other work on the machine does not count.
      const before = process.cpuUsage();
      job();
      const { user } = process.cpuUsage(before);
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, user / 1000);
    }
  }
  const base = best["eventsource-parser and JSON.parse"] as number;
  for (const [name, ms] of Object.entries(best)) {
    console.log(`${name}: ${((ms * 1000) / SIZE).toFixed(2)} µs an event, ${(ms / base).toFixed(2)} times`);
  }
  expect(known).toBe(SIZE * ROUNDS);
});
