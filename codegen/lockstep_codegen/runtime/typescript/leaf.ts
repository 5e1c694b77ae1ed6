/** The checks of single values. They agree with JSON Schema on every value. */

import { type Check, refuse, UNCARRIED } from "./check.ts";
import { isObject } from "./json.ts";
import { bounded, choices, SAFE, sized } from "./words.ts";

function leaf(accepts: (value: unknown) => boolean, expected: () => string, names: readonly unknown[] = []): Check {
  return { accepts, tell: (value, pointer, report) => refuse(value, expected(), pointer, report, names), expected };
}

/** A string; its length counts code points, as JSON Schema does. */
export function text(least = 0, most = Infinity, pattern?: string): Check {
  const expected = () => sized("a string", "character", least, most) + (pattern ? ` matching ${pattern}` : "");
  if (pattern === undefined && least === 0 && most === Infinity)
    return { ...leaf((value) => typeof value === "string", expected), pattern: "" };
  const form = new RegExp(pattern ?? "", "u");
  // Events of one session repeat much of their envelope, and a comparison is cheaper than a pattern.
  let last: unknown = Number.NaN;
  return leaf((value) => {
    if (value === last) return true;
    if (typeof value !== "string" || !fits(value, least, most) || !form.test(value)) return false;
    last = value;
    return true;
  }, expected);
}

/** A string that stands in JSON as it is: its pattern allows printable ASCII alone, no quotes and no backslashes. */
export function token(pattern: string): Check {
  return { ...text(0, Infinity, pattern), pattern };
}

function fits(value: string, least: number, most: number): boolean {
  const units = value.length;
  if (units < least || units > 2 * most) return false;
  if (units <= most && units >= 2 * least) return true;
  const { length } = [...value];
  return length >= least && length <= most;
}

export function integer(least = -SAFE, most = SAFE): Check {
  return leaf(
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
    () => bounded("an integer", least, most),
  );
}

export function number(least = -Infinity, most = Infinity): Check {
  return leaf(
    (value) => Number.isFinite(value) && (value as number) >= least && (value as number) <= most,
    () => bounded("a number", least, most),
  );
}

export const boolean: Check = leaf(
  (value) => typeof value === "boolean",
  () => "true or false",
);

/** One of the values of an enum; a const is an enum of one. */
export function oneOf(...values: readonly (string | number | boolean | null)[]): Check {
  return leaf(
    (value) => values.includes(value as string),
    () => choices(values),
    values,
  );
}

function opaque(accepts: (value: unknown) => boolean, words: string): Check {
  const expected = () => words;
  return {
    accepts: (value) => accepts(value) && finite(value),
    tell(value, pointer, report) {
      if (accepts(value)) report.fault(pointer, "type", UNCARRIED);
      else refuse(value, words, pointer, report);
    },
    expected,
  };
}

/** JSON.parse reads 1e400 as Infinity, which JSON.stringify would write as null. */
function finite(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(finite);
  if (isObject(value)) for (const name in value) if (!finite(value[name])) return false;
  return true;
}

export const json: Check = opaque(() => true, "any JSON");
export const jsonNotNull: Check = opaque((value) => value !== null, "any JSON but null");
export const jsonObject: Check = opaque(isObject, "an object");
