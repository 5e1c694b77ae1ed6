/** Reads one stream of events, which look alike: the verdicts of `read`, sooner. */

import type { Check } from "./check.ts";
import { read, type Verdict } from "./read.ts";
import type { Table } from "./table.ts";

/** Known by its looks: this text is the event as compact JSON, with no member that has to go. It was not read for that. */
export interface Familiar {
  readonly verdict: "familiar";
}

/** Judges one event after the other, each as the contract's `read` does. */
export type EventReader<Known> = (input: unknown) => Verdict<Known> | Familiar;

const FAMILIAR: Familiar = { verdict: "familiar" };
const PLAIN = String.raw`[^"\\\x00-\x1f\ud800-\udfff]*`;
/** Any string as JSON writes it, but those with a code unit that is, or might be, half of a surrogate pair. */
const ANY_STRING = String.raw`"${PLAIN}(?:\\["\\/bfnrt]${PLAIN})*"`;
/** Matches nothing: what such a value may be is more than a pattern can say. */
const NO_FORM = "[]";
const TYPE_MEMBER = '"type":"';
/** A longer text is rare, and a pattern might run out of memory over it. */
const LONGEST = 10_000;
/** A form is worth its making only for what comes often: it is made of the sixteenth, and of twice as many each time. */
const FIRST = 16;
/** So many forms of one type, as members come and go. */
const MOST = 4;

/** What accepted events of one type looked like. */
interface Learnt {
  /** Those that looked like none before, and how many it takes for the next form. */
  seen: number;
  next: number;
  readonly forms: string[];
  pattern?: RegExp;
}

/**
 * A text that looks like one that was accepted needs no second judgement: the same members in the same order, and in them
 * nothing but strings that may stand there. That bounds its depth, too, and leaves half surrogates out. Whatever looks
 * different is read as ever. No more is kept than a pattern for each type of the contract.
 */
export function createReader<Known>(table: Table): EventReader<Known> {
  const types = new Map<string, Learnt>();
  /** What matched last: the next event is most often of the same type. */
  let latest: RegExp | undefined;

  function isFamiliar(text: string): boolean {
    if (latest?.test(text)) return true;
    const pattern = types.get(typeIn(text))?.pattern;
    if (pattern === latest || !pattern?.test(text)) return false;
    latest = pattern;
    return true;
  }

  function learn(text: string, event: { readonly type: string }): void {
    const { type } = event;
    const learnt: Learnt = types.get(type) ?? { seen: 0, next: FIRST, forms: [] };
    if (learnt.seen === 0) types.set(type, learnt);
    if (++learnt.seen < learnt.next || learnt.forms.length === MOST) return;
    learnt.next *= 2;
    const form = formOf(table.events.get(type), event);
    // White space is no part of a form, and not every value has one.
    if (!new RegExp(`^${form}$`).test(text)) return;
    learnt.forms.push(form);
    learnt.pattern = new RegExp(`^(?:${learnt.forms.join("|")})$`);
  }

  return (input) => {
    const text = typeof input === "string" && input.length <= LONGEST ? input : "";
    if (isFamiliar(text)) return FAMILIAR;
    const ruling = read<Known>(table, input);
    if (text && ruling.verdict === "known" && ruling.ignored.length === 0)
      learn(text, ruling.event as { type: string });
    return ruling;
  };
}

/** The name of the type in compact JSON: of the event, unless something before it has a type as well. */
function typeIn(text: string): string {
  const from = text.indexOf(TYPE_MEMBER) + TYPE_MEMBER.length;
  return text.slice(from, text.indexOf('"', from));
}

/** The pattern of compact JSON with the same members in the same order, and any values that may stand there. */
function formOf(check: Check | undefined, value: unknown): string {
  const { pattern, members } = check ?? {};
  if (pattern) return `"(?:${pattern.slice(1, -1)})"`;
  if (!members) return pattern === undefined ? NO_FORM : ANY_STRING;
  const parts = Object.entries(value as object).map(([name, member]) => {
    // The name of a type decides what else there is: another one is another form.
    const form = name === "type" ? literal(member) : formOf(members.get(name)?.check, member);
    return `"${name}":${form}`;
  });
  return `\\{${parts.join()}\\}`;
}

function literal(value: unknown): string {
  return typeof value === "string" && /^\w+$/.test(value) ? `"${value}"` : NO_FORM;
}
