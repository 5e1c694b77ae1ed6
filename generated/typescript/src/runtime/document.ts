/** From bytes, text or a value to a document: the wire profile, which holds before any contract is asked. */

import { below } from "./check.ts";
import { type Fault, InvalidEventError } from "./fault.ts";
import { isObject, type JsonValue } from "./json.ts";
import { quote } from "./words.ts";

/** Containers within containers; the event itself is the first. */
const DEPTH = 64;
/** Every escape of a text: a surrogate pair, a surrogate on its own (captured), or anything else. */
const ESCAPE = /\\(?:ud[89ab]..\\ud[c-f]..|u(d[89a-f])..|.)/gis;
// A byte order mark is kept, so that JSON.parse refuses it as every other reader does.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Read what came over the wire, or copy a value.
 * The result is plain JSON and belongs to the caller, though a number may still be infinite.
 *
 * @throws InvalidEventError when it is not UTF-8, not JSON, holds half a surrogate pair or is nested too deeply.
 */
export function toDocument(input: unknown): unknown {
  if (typeof input === "string") return fromText(input);
  if (input instanceof Uint8Array) return fromText(decode(input));
  const faults: Fault[] = [];
  const copied = copy(input, "", 0, faults);
  if (faults.length > 0) throw new InvalidEventError(faults);
  return copied;
}

function fail(message: string): never {
  throw new InvalidEventError([{ pointer: "", code: "text", message }]);
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return fail("not UTF-8");
  }
}

function fromText(text: string): unknown {
  if (mayBeDeep(text) && isDeep(text)) fail(`nested deeper than ${DEPTH} levels`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return fail(`not JSON: ${(error as SyntaxError).message}`);
  }
  if (!isWellFormed(text) || (text.includes("\\u") && hasLoneSurrogate(text))) fail("a lone surrogate in a string");
  return document;
}

/** ES2024, in Node 20 and every current browser; whoever compiles this source may still name an older library. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

function hasLoneSurrogate(text: string): boolean {
  for (const found of text.matchAll(ESCAPE)) if (found[1]) return true;
  return false;
}

/** Few brackets, no depth: this answers for nearly every event without a look at each character. */
function mayBeDeep(text: string): boolean {
  let openings = 0;
  for (const bracket of "{[") {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (++openings > DEPTH) return true;
  }
  return false;
}

/** A loop, because a pattern for strings would run out of memory over a long one. A string without an end hides the rest. */
function isDeep(text: string): boolean {
  let level = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') quoted = !quoted;
    else if (quoted) {
      if (character === "\\") at++;
    } else if ("{[".includes(character) && ++level > DEPTH) return true;
    else if ("}]".includes(character)) level--;
  }
  return false;
}

/** A deep copy of what JSON can say; a member that is `undefined` counts as absent, as it does for JSON.stringify. */
function copy(value: unknown, pointer: string, level: number, faults: Fault[]): JsonValue {
  if (typeof value === "string") return wellFormed(value, pointer, faults);
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (level === DEPTH && typeof value === "object") return fail(`nested deeper than ${DEPTH} levels`);
  if (Array.isArray(value)) return value.map((item, index) => copy(item, below(pointer, index), level + 1, faults));
  if (isObject(value) && isPlain(value)) {
    const present = Object.entries(value).filter(([, member]) => member !== undefined);
    // fromEntries, because an assignment to `__proto__` would not make a member of it.
    return Object.fromEntries(
      present.map(([name, member]) => {
        const step = below(pointer, name);
        return [wellFormed(name, step, faults), copy(member, step, level + 1, faults)];
      }),
    );
  }
  const shown = typeof value === "object" ? value.constructor?.name : typeof value;
  faults.push({ pointer, code: "type", message: `${quote(shown)} is not a JSON value` });
  return null;
}

function wellFormed(text: string, pointer: string, faults: Fault[]): string {
  if (!isWellFormed(text)) faults.push({ pointer, code: "type", message: "a lone surrogate in a string" });
  return text;
}

/** A literal or a parsed value, from any realm; not a Date, a Map or an instance of a class. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
