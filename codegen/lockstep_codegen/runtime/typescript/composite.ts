/** The checks of arrays, maps, objects and unions. They agree with JSON Schema on every value. */

import { below, type Check, check, refuse } from "./check.ts";
import { isObject } from "./json.ts";
import { json } from "./leaf.ts";
import { choices, quote, sized, suggestion } from "./words.ts";

const AN_OBJECT = () => "an object";

export type Members = ReadonlyMap<string, { readonly check: Check; readonly required: boolean }>;

export function list(item: Check, least = 0, most = Infinity): Check {
  const expected = () => sized("an array", "item", least, most);
  return check(expected, (value, pointer, report) => {
    if (!Array.isArray(value) || value.length < least || value.length > most)
      return refuse(value, expected, pointer, report);
    let valid = true;
    for (let index = 0; index < value.length; index++) {
      if (item(value[index], report ? below(pointer, index) : "", report)) continue;
      if (report === undefined) return false;
      valid = false;
    }
    return valid;
  });
}

/** A pure map: any names, each value the same. */
export function map(item: Check): Check {
  return check(AN_OBJECT, (value, pointer, report) => {
    if (!isObject(value)) return refuse(value, AN_OBJECT, pointer, report);
    let valid = true;
    for (const name in value) {
      if (item(value[name], report ? below(pointer, name) : "", report)) continue;
      if (report === undefined) return false;
      valid = false;
    }
    return valid;
  });
}

/** The members that an object, or one of the parts it is made of, declares. */
export function members(required: Record<string, Check>, optional: Record<string, Check> = {}): Members {
  const entries = (checks: Record<string, Check>, required: boolean) =>
    Object.entries(checks).map(([name, check]) => [name, { check, required }] as const);
  return new Map([...entries(required, true), ...entries(optional, false)]);
}

/** The check of an object says which members it has. */
export interface ObjectCheck extends Check {
  readonly members: Members;
}

/** A closed object: these members and no others. */
export function object(required: Record<string, Check>, optional?: Record<string, Check>): Check {
  return closed(members(required, optional));
}

/** A closed object that is made of several parts. */
export function closed(...parts: readonly Members[]): ObjectCheck {
  return shape(parts, undefined);
}

/** An object with these members, and any others that JSON can carry. */
export function open(...parts: readonly Members[]): ObjectCheck {
  return shape(parts, json);
}

function shape(parts: readonly Members[], rest: Check | undefined): ObjectCheck {
  const known: Members = new Map(parts.flatMap((part) => [...part]));
  const names = [...known.keys()];
  const required = names.filter((name) => known.get(name)?.required);
  const judge = check(AN_OBJECT, (value, pointer, report) => {
    if (!isObject(value)) return refuse(value, AN_OBJECT, pointer, report);
    let valid = true;
    let present = 0;
    for (const name in value) {
      const member = known.get(name);
      if (member?.required) present++;
      const held = member === undefined ? rest : member.check;
      if (held?.(value[name], report ? below(pointer, name) : "", report)) continue;
      if (report === undefined) return false;
      if (held === undefined) {
        const hint = suggestion(name, names);
        report.extra(below(pointer, name), value, name, `${quote(name)} is not a member here${hint}`);
      }
      valid = false;
    }
    if (present === required.length) return valid;
    for (const name of report ? required : []) {
      if (!Object.hasOwn(value, name)) report?.fault(below(pointer, name), "missing", missing(name, known));
    }
    return false;
  });
  return Object.assign(judge, { members: known });
}

function missing(name: string, known: Members): string {
  return `${quote(name)} is missing; expected ${known.get(name)?.check.expected()}`;
}

/** A union whose members carry their name in `tag`; a wrong tag is the only fault told. */
export function tagged(tag: string, variants: Record<string, Check>): Check {
  const known = new Map(Object.entries(variants));
  const names = [...known.keys()];
  const expected = () => choices(names);
  return check(AN_OBJECT, (value, pointer, report) => {
    if (!isObject(value)) return refuse(value, AN_OBJECT, pointer, report);
    const variant = Object.hasOwn(value, tag) ? known.get(value[tag] as string) : undefined;
    if (variant !== undefined) return variant(value, pointer, report);
    if (Object.hasOwn(value, tag)) return refuse(value[tag], expected, below(pointer, tag), report, names, "tag");
    report?.fault(below(pointer, tag), "missing", `${quote(tag)} is missing; expected ${expected()}`);
    return false;
  });
}

/** A string, or an array of items. */
export function either(string: Check, array: Check): Check {
  const expected = () => "a string or an array";
  return check(expected, (value, pointer, report) => {
    if (typeof value === "string") return string(value, pointer, report);
    if (Array.isArray(value)) return array(value, pointer, report);
    return refuse(value, expected, pointer, report);
  });
}

/** A check that is declared further down: what makes recursive types possible. */
export function later(declared: () => Check): Check {
  return check(
    () => declared().expected(),
    (value, pointer, report) => declared()(value, pointer, report),
  );
}
