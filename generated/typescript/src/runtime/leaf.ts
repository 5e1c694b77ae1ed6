/** The checks of single values. They agree with JSON Schema on every value. */

import { type Check, check, refuse, UNCARRIED } from "./check.ts";
import { isObject } from "./json.ts";
import { bounded, choices, sized } from "./words.ts";

const SAFE = Number.MAX_SAFE_INTEGER;

function leaf(expected: () => string, accepts: (value: unknown) => boolean, names: readonly unknown[] = []): Check {
  return check(expected, (value, pointer, report) => accepts(value) || refuse(value, expected, pointer, report, names));
}

/** A string; its length counts code points, as JSON Schema does. */
export function text(least = 0, most = Infinity, pattern?: string): Check {
  const expected = () => sized("a string", "character", least, most) + (pattern ? ` matching ${pattern}` : "");
  const form = pattern === undefined ? undefined : new RegExp(pattern, "u");
  return leaf(expected, (value) => {
    if (typeof value !== "string" || value.length < least) return false;
    if (value.length > most || (least > 0 && value.length < 2 * least)) {
      const length = points(value);
      if (length < least || length > most) return false;
    }
    return form === undefined || form.test(value);
  });
}

function points(value: string): number {
  let pairs = 0;
  for (let unit = 0; unit < value.length; unit++) if ((value.charCodeAt(unit) & 0xfc00) === 0xdc00) pairs++;
  return value.length - pairs;
}

export function integer(least = -SAFE, most = SAFE): Check {
  return leaf(
    () => bounded("an integer", least, most),
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  );
}

export function number(least = -Infinity, most = Infinity): Check {
  return leaf(
    () => bounded("a number", least, most),
    (value) => Number.isFinite(value) && (value as number) >= least && (value as number) <= most,
  );
}

export const boolean: Check = leaf(
  () => "true or false",
  (value) => typeof value === "boolean",
);

/** One of the values of an enum; a const is an enum of one. */
export function oneOf(...values: readonly (string | number | boolean | null)[]): Check {
  const known = new Set<unknown>(values);
  return leaf(
    () => choices(values),
    (value) => known.has(value),
    values,
  );
}

function opaque(words: string, accepts: (value: unknown) => boolean): Check {
  const expected = () => words;
  return check(expected, (value, pointer, report) => {
    if (!accepts(value)) return refuse(value, expected, pointer, report);
    if (finite(value)) return true;
    report?.fault(pointer, "type", UNCARRIED);
    return false;
  });
}

/** JSON.parse reads 1e400 as Infinity, which JSON.stringify would write as null. */
function finite(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  for (const name in value) if (!finite((value as Record<string, unknown>)[name])) return false;
  return true;
}

export const json: Check = opaque("any JSON", () => true);
export const jsonNotNull: Check = opaque("any JSON but null", (value) => value !== null);
export const jsonObject: Check = opaque("an object", isObject);
