/** The checks of arrays, maps, objects and unions. They agree with JSON Schema on every value. */

import { below, type Check, type Member, type Members, type Report, refuse } from "./check.ts";
import { isObject } from "./json.ts";
import { json } from "./leaf.ts";
import { choices, quote, sized, suggestion } from "./words.ts";

const AN_OBJECT = () => "an object";

/** Tell what is wrong with a member or an item, if anything is. */
function descend(check: Check, value: unknown, pointer: string, step: string | number, report: Report): void {
  if (!check.accepts(value)) check.tell(value, below(pointer, step), report);
}

export function list(item: Check, least = 0, most = Infinity): Check {
  const expected = () => sized("an array", "item", least, most);
  const fits = (value: unknown): value is unknown[] =>
    Array.isArray(value) && value.length >= least && value.length <= most;
  return {
    accepts(value) {
      if (!fits(value)) return false;
      for (const each of value) if (!item.accepts(each)) return false;
      return true;
    },
    tell(value, pointer, report) {
      if (fits(value)) value.forEach((each, index) => void descend(item, each, pointer, index, report));
      else refuse(value, expected(), pointer, report);
    },
    expected,
  };
}

/** A pure map: any names, each value the same. */
export function map(item: Check): Check {
  return {
    accepts: (value) => isObject(value) && Object.values(value).every((each) => item.accepts(each)),
    tell(value, pointer, report) {
      if (!isObject(value)) return refuse(value, AN_OBJECT(), pointer, report);
      for (const name in value) descend(item, value[name], pointer, name, report);
    },
    expected: AN_OBJECT,
  };
}

/** The members that an object, or one of the parts it is made of, declares. */
export function members(required: Record<string, Check>, optional: Record<string, Check> = {}): Members {
  const entries = (checks: Record<string, Check>, required: number) =>
    Object.entries(checks).map(([name, check]) => [name, { check, accepts: check.accepts, required }] as const);
  return new Map([...entries(required, 1), ...entries(optional, 0)]);
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
  return shape(parts, { check: json, accepts: json.accepts, required: 0 });
}

function shape(parts: readonly Members[], rest: Member | undefined): ObjectCheck {
  const all: Members = new Map(parts.flatMap((part) => [...part]));
  const names = [...all.keys()];
  const required = names.filter((name) => all.get(name)?.required);
  // For the one lookup that every member of every event costs, an object without a prototype is faster than a Map.
  const known: Record<string, Member> = Object.assign(Object.create(null), Object.fromEntries(all));
  return {
    accepts(value) {
      if (!isObject(value)) return false;
      let present = 0;
      for (const name in value) {
        const member = known[name] ?? rest;
        if (member === undefined || !member.accepts(value[name])) return false;
        present += member.required;
      }
      return present === required.length;
    },
    tell(value, pointer, report) {
      if (!isObject(value)) return refuse(value, AN_OBJECT(), pointer, report);
      for (const name in value) {
        const member = known[name] ?? rest;
        if (member !== undefined) descend(member.check, value[name], pointer, name, report);
        else
          report.extra(
            below(pointer, name),
            value,
            name,
            `${quote(name)} is not a member here${suggestion(name, names)}`,
          );
      }
      for (const name of required) {
        if (!Object.hasOwn(value, name)) missing(name, known[name]?.check.expected(), pointer, report);
      }
    },
    expected: AN_OBJECT,
    members: all,
  };
}

function missing(name: string, expected: string | undefined, pointer: string, report: Report): void {
  report.fault(below(pointer, name), "missing", `${quote(name)} is missing; expected ${expected}`);
}

/** A union whose members carry their name in `tag`; a wrong tag is the only fault told. */
export function tagged(tag: string, variants: Record<string, Check>): Check {
  const known = new Map<unknown, Check>(Object.entries(variants));
  const names = Object.keys(variants);
  // What an object inherits is never the name of a variant: `hasOwn` would be asked in vain.
  const variant = (value: Record<string, unknown>) => known.get(value[tag]);
  return {
    accepts: (value) => isObject(value) && variant(value)?.accepts(value) === true,
    tell(value, pointer, report) {
      if (!isObject(value)) return refuse(value, AN_OBJECT(), pointer, report);
      const chosen = variant(value);
      if (chosen !== undefined) chosen.tell(value, pointer, report);
      else if (!Object.hasOwn(value, tag)) missing(tag, choices(names), pointer, report);
      else refuse(value[tag], choices(names), below(pointer, tag), report, names, "tag");
    },
    expected: AN_OBJECT,
  };
}

/** A string, or an array of items. */
export function either(string: Check, array: Check): Check {
  const chosen = (value: unknown) => (typeof value === "string" ? string : Array.isArray(value) ? array : undefined);
  return {
    accepts: (value) => chosen(value)?.accepts(value) === true,
    tell(value, pointer, report) {
      const check = chosen(value);
      if (check === undefined) refuse(value, "a string or an array", pointer, report);
      else check.tell(value, pointer, report);
    },
    expected: () => "a string or an array",
  };
}

/** A check that is declared further down: what makes recursive types possible. */
export function later(declared: () => Check): Check {
  return {
    accepts: (value) => declared().accepts(value),
    tell: (value, pointer, report) => declared().tell(value, pointer, report),
    expected: () => declared().expected(),
  };
}
