/**
 * The JavaScript side of the verdict suite: Ajv on the schema, and our own parser, over one file of documents.
 *
 * node judges.cjs SCHEMA AWARE CASES: SCHEMA is the contract as it is, AWARE the same with its discriminators spelled out,
 * CASES has one base64 document a line. One JSON line comes out for each.
 */

import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import {
  type AgentEvent,
  createEventReader,
  encodeEvent,
  readEvent,
  type Verdict,
} from "../../generated/typescript/src/index.ts";

interface Ruling {
  readonly verdict: "known" | "unknown" | "invalid";
  readonly faults: readonly string[];
  readonly ignored: readonly string[];
  /** The words of each fault, in the order of `faults`. */
  readonly words?: readonly string[];
  /** What a reader would pass on. */
  readonly encoded?: string;
}

const [schemaFile, awareFile, casesFile] = process.argv.slice(2) as [string, string, string];
const load = (file: string): object => JSON.parse(readFileSync(file, "utf8"));
// Annotations are not Ajv's business, and lists of types are part of the dialect.
const ajv = new Ajv2020({
  allErrors: true,
  discriminator: true,
  strict: false,
  strictNumbers: true,
  validateSchema: false,
});
ajv.addKeyword({ keyword: "x-finite", validate: (_: boolean, value: unknown) => finite(value), errors: false });
const aware = ajv.compile(load(awareFile));
const plain = new Ajv2020({ strict: false, validateSchema: false }).compile(load(schemaFile));

function finite(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value !== "object" || value === null || Object.values(value).every(finite);
}

function place({ instancePath, keyword, params }: ErrorObject): string {
  const { missingProperty, unevaluatedProperty, additionalProperty, tag } = params as Record<string, unknown>;
  const step = missingProperty ?? unevaluatedProperty ?? additionalProperty ?? (keyword === "discriminator" && tag);
  if (typeof step !== "string") return instancePath;
  return `${instancePath}/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function byAjv(document: unknown): readonly string[] {
  return aware(document) ? [] : [...new Set(aware.errors?.map(place))];
}

function byUs(ruling: Verdict<AgentEvent>): Ruling {
  if (ruling.verdict === "invalid") {
    const { faults } = ruling;
    const words = faults.map((fault) => `${fault.code}: ${fault.message}`);
    return { verdict: "invalid", faults: faults.map((fault) => fault.pointer), words, ignored: [] };
  }
  const ignored = ruling.verdict === "known" ? ruling.ignored : [];
  return { verdict: ruling.verdict, faults: [], ignored, encoded: encodeEvent(ruling.event) };
}

function parsed(bytes: Uint8Array): { readonly document: unknown } | undefined {
  try {
    return { document: JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    return undefined;
  }
}

/** One for all documents: what it has learnt from those before must change no verdict. */
const readNext = createEventReader();

/** A stream's reader is given a text, where the bytes are one. */
function streamed(bytes: Uint8Array): ReturnType<typeof readEvent> {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const ruling = readNext(Buffer.from(text).equals(bytes) ? text : bytes);
  return ruling.verdict === "familiar" ? { verdict: "known", event: JSON.parse(text), ignored: [] } : ruling;
}

const lines = readFileSync(casesFile, "latin1").split("\n");
for (const line of lines.slice(0, -1)) {
  const bytes = Buffer.from(line, "base64");
  const read = parsed(bytes);
  const ruling = {
    ajv: read && byAjv(read.document),
    plain: read && plain(read.document),
    strict: byUs(readEvent(bytes, { strict: true })),
    tolerant: byUs(readEvent(bytes)),
    streamed: byUs(streamed(bytes)),
  };
  process.stdout.write(`${JSON.stringify(ruling)}\n`);
}
