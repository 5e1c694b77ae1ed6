import { expect, test } from "vitest";
import type { Check } from "../../codegen/lockstep_codegen/runtime/typescript/check.ts";
import {
  either,
  later,
  list,
  map,
  object,
  tagged,
} from "../../codegen/lockstep_codegen/runtime/typescript/composite.ts";
import { toDocument } from "../../codegen/lockstep_codegen/runtime/typescript/document.ts";
import { InvalidEventError } from "../../codegen/lockstep_codegen/runtime/typescript/fault.ts";
import {
  boolean,
  integer,
  json,
  jsonNotNull,
  jsonObject,
  number,
  oneOf,
  text,
} from "../../codegen/lockstep_codegen/runtime/typescript/leaf.ts";
import { newEventId, newTimestamp } from "../../codegen/lockstep_codegen/runtime/typescript/stamp.ts";

function faults(check: Check, value: unknown): string[] {
  if (check.accepts(value)) return [];
  const found: string[] = [];
  check.tell(value, "", {
    fault: (pointer, _code, message) => found.push(`${pointer || "document"}: ${message}`),
    extra: (pointer, _owner, _name, message) => found.push(`${pointer}: ${message}`),
  });
  return found;
}

const step = object({ name: text(1, 8) }, { kind: oneOf("fast", "slow"), times: integer(0, 9) });

test.each<[Check, unknown, string]>([
  [text(), 3, "3 is not a string"],
  [text(1), "", '"" is not a string of at least 1 character'],
  [text(2, 2), "\u{1f600}", '"😀" is not a string of 2 to 2 characters'],
  [text(0, 3), "four", '"four" is not a string of at most 3 characters'],
  [text(0, Infinity, "^a/b$"), "a/b\n", '"a/b\\n" is not a string matching ^a/b$'],
  [integer(), "3", '"3" is not an integer from -(2^53-1) to 2^53-1'],
  [integer(), 2 ** 53, "9007199254740992 is not an integer from -(2^53-1) to 2^53-1"],
  [integer(1, 5), true, "true is not an integer from 1 to 5"],
  [number(), Number.POSITIVE_INFINITY, "holds a number that JSON cannot carry"],
  [number(0), -0.5, "-0.5 is not a number of at least 0"],
  [number(-Infinity, 1), 2, "2 is not a number of at most 1"],
  [boolean, 0, "0 is not true or false"],
  [oneOf("a"), "b", '"b" is not "a"; did you mean "a"?'],
  [oneOf("success", "error"), "sucess", '"sucess" is not one of "success", "error"; did you mean "success"?'],
  [oneOf("toolCall", "other"), "tool_call", '"tool_call" is not one of "toolCall", "other"; did you mean "toolCall"?'],
  [oneOf(1, 2, 3, 4, 5, 6, 7, 8, 9), 0, "0 is not one of 1, 2, 3, 4, 5, 6, 7, 8, … (9 in all)"],
  [json, [Number.POSITIVE_INFINITY], "holds a number that JSON cannot carry"],
  [jsonNotNull, null, "null is not any JSON but null"],
  [jsonObject, [], "[] is not an object"],
  [list(text(), 1), [], "[] is not an array of at least 1 item"],
  [map(text()), "x", '"x" is not an object'],
  [either(text(), list(text())), 3, "3 is not a string or an array"],
  [text(), "x".repeat(50), ""],
  [oneOf("a"), "x".repeat(50), `"${"x".repeat(39)}… is not "a"`],
])("says what is wrong with a value (%#)", (check, value, message) => {
  expect(faults(check, value)).toEqual(message === "" ? [] : [`document: ${message}`]);
});

test("says every fault of an object with its place", () => {
  expect(faults(step, { nam: "x", kind: "slwo", times: null, "a/b~c": 1 })).toEqual([
    '/nam: "nam" is not a member here; did you mean "name"?',
    '/kind: "slwo" is not one of "fast", "slow"; did you mean "slow"?',
    "/times: null is not an integer from 0 to 9; leave the member out instead",
    '/a~1b~0c: "a/b~c" is not a member here',
    '/name: "name" is missing; expected a string of 1 to 8 characters',
  ]);
});

test("a wrong tag is the only fault of a union", () => {
  const union = tagged("op", { add: object({ op: oneOf("add"), value: json }), test: step });
  expect(faults(union, { op: "ad", nonsense: 1 })).toEqual([
    '/op: "ad" is not one of "add", "test"; did you mean "add"?',
  ]);
  expect(faults(union, {})).toEqual(['/op: "op" is missing; expected one of "add", "test"']);
  expect(faults(union, { op: "constructor" })).toEqual(['/op: "constructor" is not one of "add", "test"']);
  expect(faults(union, { op: "add", value: null })).toEqual([]);
});

test("a type may hold itself", () => {
  const tree: Check = object({}, { children: list(later(() => tree)) });
  expect(faults(tree, { children: [{}, { children: [{}] }] })).toEqual([]);
  expect(faults(tree, { children: [{ children: [3] }] })).toEqual(["/children/0/children/0: 3 is not an object"]);
});

test.each<[string | Uint8Array, string]>([
  ["{", "not JSON"],
  ["[NaN]", "not JSON"],
  ["\ufeff{}", "not JSON"],
  [new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), "not JSON"],
  [new Uint8Array([0x22, 0xff, 0x22]), "not UTF-8"],
  [new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), "not UTF-8"],
  ['"\\ud83d"', "a lone surrogate in a string"],
  ['"\\ude00\\ud83d"', "a lone surrogate in a string"],
  ['{"\\uDEAD":1,"a":2}', "a lone surrogate in a string"],
  ['"\ud83d"', "a lone surrogate in a string"],
  [`${"[".repeat(65)}${"]".repeat(65)}`, "nested deeper than 64 levels"],
  // Outside a string a backslash escapes nothing, and a string without an end hides what follows.
  [`[\\"${"[".repeat(65)}"`, "not JSON"],
  [`\\"\\"${"[".repeat(65)}"`, "not JSON"],
  [`["${"[".repeat(65)}`, "not JSON"],
  [`["\\"${"[".repeat(65)}`, "not JSON"],
  [`"\\\\"${"[".repeat(65)}`, "nested deeper than 64 levels"],
])("a text outside the wire profile has one fault, the document (%#)", (input, message) => {
  expect(() => toDocument(input)).toThrow(new RegExp(`^invalid event: document: ${message}`));
});

test.each([
  ['"\\ud83d\\uDE00"', "😀"],
  ['"\\\\ud83d"', "\\ud83d"],
  [`"${"[".repeat(99)}"`, "[".repeat(99)],
])("a text inside the wire profile is read as it is (%#)", (input, value) => {
  expect(toDocument(input)).toBe(value);
});

test("64 levels are fine", () => {
  expect(() => toDocument(`${'{"a":['.repeat(32)}${"]}".repeat(32)}`)).not.toThrow();
});

test.each(["x", "\n", "é", '"'])("a string of millions beside many brackets is read as any other (%j)", (character) => {
  const value = { many: Array.from({ length: 70 }, () => []), long: character.repeat(12_000_000) };
  expect(toDocument(JSON.stringify(value))).toEqual(value);
});

test("a value is copied, and must be what JSON can say", () => {
  const value = { kept: [1, null, { x: undefined }], left: undefined };
  const document = toDocument(value);
  expect(document).toEqual({ kept: [1, null, {}] });
  expect(document).not.toBe(value);
  expect(() => toDocument({ when: new Date(0), big: 1n, "b\ud83d": "\ud83d" })).toThrow(
    new InvalidEventError([
      { pointer: "/when", code: "type", message: '"Date" is not a JSON value' },
      { pointer: "/big", code: "type", message: '"bigint" is not a JSON value' },
      { pointer: "/b\ud83d", code: "type", message: "a lone surrogate in a string" },
      { pointer: "/b\ud83d", code: "type", message: "a lone surrogate in a string" },
    ]),
  );
  const endless: unknown[] = [];
  endless.push(endless);
  expect(() => toDocument(endless)).toThrow("nested deeper than 64 levels");
  expect(Object.keys(toDocument(JSON.parse('{"__proto__":1}')) as object)).toEqual(["__proto__"]);
});

test("the error lists ten faults and counts the rest", () => {
  const many = Array.from({ length: 12 }, (_, index) => ({
    pointer: `/${index}`,
    code: "type" as const,
    message: "no",
  }));
  const { message } = new InvalidEventError(many, "run_started");
  expect(message.split("\n")).toHaveLength(12);
  expect(message).toMatch(/^invalid run_started event: 12 faults\n {2}\/0: no\n(?:.*\n)+ {2}… and 2 more$/);
});

test("identities sort by time, and timestamps are what toISOString prints", () => {
  const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(newEventId()).toMatch(pattern);
  expect(newEventId(0)).toMatch(/^00000000-0000-7/);
  expect(newEventId(0x0199a0000001)).toMatch(/^0199a000-0001-7/);
  expect(newTimestamp(0)).toBe("1970-01-01T00:00:00.000Z");
});
