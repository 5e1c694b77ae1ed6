/**
 * What the verdict on an event costs beyond JSON.parse, beside Ajv on the same schema and zod as @ag-ui/core uses it.
 * And what table and runtime weigh. node tests/bench/validate.mjs
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { EventSchemas } from "@ag-ui/core/schemas";
import { Ajv2020 } from "ajv/dist/2020.js";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "../..");
const ROUNDS = 9;
const EVENTS = 40_000;

const delta = {
  event_id: "0199a000-0000-7000-8000-000000000001",
  session_id: "abc",
  timestamp: "2026-11-23T10:00:00.000Z",
  type: "agent_message_delta",
  run_id: "r1",
  agent: "infrastructure_monitor",
  payload: { message_id: "m1", delta: "Checking the containers on the host" },
};
const frame = { type: "TEXT_MESSAGE_CONTENT", messageId: "m1", delta: delta.payload.delta, timestamp: 1764000000000 };

async function bundle(source) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: join(ROOT, "generated/typescript/src") },
    ...{ bundle: true, minify: true, write: false, format: "esm", target: "es2022" },
    conditions: ["@agui-lockstep/source"],
  });
  return outputFiles[0].contents;
}

/** Nanoseconds for one text, the best of some rounds that take turns, so that a busy machine is busy for all. */
function race(texts, contenders) {
  const best = new Map(Object.keys(contenders).map((name) => [name, Infinity]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const start = performance.now();
      for (let index = 0; index < EVENTS; index++) run(texts[index % texts.length]);
      best.set(name, Math.min(best.get(name), ((performance.now() - start) * 1e6) / EVENTS));
    }
  }
  return Object.fromEntries(best);
}

function ajv() {
  const schema = JSON.parse(readFileSync(join(ROOT, "schema/events.schema.json"), "utf8"));
  // Without its discriminators spelled out, Ajv tries the forty events one after the other.
  const tag = { type: "object", discriminator: { propertyName: "type" }, required: ["type"] };
  return new Ajv2020({ strict: false, discriminator: true, validateSchema: false }).compile({ ...schema, ...tag });
}

function report(title, times, over) {
  console.log(title);
  for (const [name, time] of Object.entries(times)) {
    const beyond = time - times["JSON.parse"];
    const ratio = name === over ? "" : `, ${(time / times[over]).toFixed(2)} times ${over}`;
    console.log(
      `  ${name.padEnd(26)} ${time.toFixed(0).padStart(6)} ns, ${beyond.toFixed(0).padStart(6)} beyond JSON.parse${ratio}`,
    );
  }
}

const code = await bundle('export { parseEvent } from "./parse.ts"');
const readerCode = await bundle('export { createEventReader } from "./parse.ts"');
const load = (code) => import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
const { parseEvent } = await load(code);
const { createEventReader } = await load(readerCode);
const readNext = createEventReader();
const { demoRun } = await load(await bundle('export { demoRun } from "../../../tests/frontend/support/demo.ts"'));
const validate = ajv();
const contenders = {
  "JSON.parse": (text) => JSON.parse(text),
  parseEvent: (text) => parseEvent(text),
  "a stream's reader": (text) => {
    const ruling = readNext(text);
    return ruling.verdict === "familiar" ? JSON.parse(text) : ruling.event;
  },
  "the same, left as text": (text) => readNext(text),
  "Ajv, discriminators": (text) => {
    if (!validate(JSON.parse(text))) throw new Error("invalid");
  },
};

const golden = join(ROOT, "tests/golden/events");
const examples = readdirSync(golden).map((file) =>
  JSON.stringify(JSON.parse(readFileSync(join(golden, file), "utf8"))),
);
const bytes = (texts) => Math.round(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length);
report(
  `${examples.length} golden events in turn, the rarest as often as a delta, mean ${bytes(examples)} bytes`,
  race(examples, contenders),
  "parseEvent",
);
const session = demoRun("demo").map((event) => JSON.stringify(event));
report(
  `a session of ${session.length} events as an agent makes it, mean ${bytes(session)} bytes (at most 1000 ns beyond JSON.parse)`,
  race(session, contenders),
  "parseEvent",
);
report("one delta", race([JSON.stringify(delta)], contenders), "parseEvent");
const deltas = Array.from({ length: 1000 }, (_, index) =>
  JSON.stringify({ ...delta, event_id: delta.event_id.replace(/0{4}1$/, String(10_001 + index)) }),
);
report(`${deltas.length} deltas, each with an id of its own`, race(deltas, contenders), "parseEvent");
report(
  "the same delta as an AG-UI frame",
  race([JSON.stringify(frame)], {
    "JSON.parse": contenders["JSON.parse"],
    "zod of @ag-ui/core": (text) => EventSchemas.parse(JSON.parse(text)),
  }),
  "JSON.parse",
);
const all = await bundle('export * from "./index.ts"');
console.log(
  `parseEvent with table and runtime: ${gzipSync(code).length} bytes gzip (at most 6000); with a stream's reader: ${gzipSync(readerCode).length}; the whole package: ${gzipSync(all).length}`,
);
