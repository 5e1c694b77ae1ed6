import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeEvent, readEvent } from "../../generated/typescript/src/index.ts";

interface Ruling {
  readonly verdict: string;
  readonly faults: readonly string[];
  readonly ignored: readonly string[];
}

const RAW = join(import.meta.dirname, "../golden/raw");
const verdicts: Record<string, { readonly strict: Ruling; readonly tolerant: Ruling }> = JSON.parse(
  readFileSync(join(RAW, "verdicts.json"), "utf8"),
);

function rule(bytes: Uint8Array, strict: boolean): Ruling {
  const ruling = readEvent(bytes, { strict });
  if (ruling.verdict === "invalid") {
    return { verdict: "invalid", faults: ruling.faults.map((fault) => fault.pointer), ignored: [] };
  }
  // What a reader passes on has to be an event for the next reader, too.
  expect(readEvent(encodeEvent(ruling.event)).verdict).toBe(ruling.verdict);
  return { verdict: ruling.verdict, faults: [], ignored: ruling.verdict === "known" ? ruling.ignored : [] };
}

test.each(Object.entries(verdicts))("%s", (file, { strict, tolerant }) => {
  const bytes = readFileSync(join(RAW, file));
  expect(rule(bytes, true)).toEqual(strict);
  expect(rule(bytes, false)).toEqual(tolerant);
});
