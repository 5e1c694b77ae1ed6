import { partialJson } from "@agui-lockstep/client/components";
import { expect, test } from "vitest";

test.each([
  ["", undefined],
  ["{", {}],
  ['{"na', {}],
  ['{"name"', {}],
  ['{"name":', {}],
  ['{"name":"we', { name: "we" }],
  ['{"name":"a\\', { name: "a" }],
  ['{"name":"a\\u00', { name: "a" }],
  ['{"name":"a","n":12', { name: "a" }],
  ['{"name":"a","n":12,', { name: "a", n: 12 }],
  ['{"list":[1,2,{"deep":tr', { list: [1, 2, {}] }],
  ['[[1],["a', [[1], ["a"]]],
  ['{"a":{"b":[]}}', { a: { b: [] } }],
  ['"half', "half"],
  ["12", 12],
])("%s reads as %j", (text, value) => {
  expect(partialJson(text)).toEqual(value);
});

test("every beginning of a document reads as a part of it", () => {
  const document = { a: [1, { b: 'text \\ " \n é' }, null, true, []], 'ke"y': { c: -1.5e3 }, d: "" };
  const text = JSON.stringify(document);
  for (let length = 1; length <= text.length; length++) {
    const part = partialJson(text.slice(0, length));
    expect(isPart(part, document), text.slice(0, length)).toBe(true);
  }
  expect(partialJson(text)).toEqual(document);
});

/** The same up to members and items that have not arrived, and strings that have not ended. */
function isPart(part: unknown, whole: unknown): boolean {
  if (typeof part === "string" && typeof whole === "string") return whole.startsWith(part);
  if (typeof part !== "object" || part === null) return Object.is(part, whole);
  return Object.entries(part).every(([key, value]) => isPart(value, (whole as Record<string, unknown>)[key]));
}
