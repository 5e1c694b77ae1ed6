/** The words of a fault. The Python runtime says the same ones: change both or neither. */

/** Beyond it, and below its negative, doubles no longer tell integers apart. */
export const SAFE = Number.MAX_SAFE_INTEGER;
/** Long enough to recognise a value, short enough for one line. */
const QUOTED = 40;
const LISTED = 8;
const LONGEST_NAME = 100;

/** A value as compact JSON, cut to 40 characters. */
export function quote(value: unknown): string {
  const characters = [...(JSON.stringify(value) ?? String(value)).slice(0, 2 * QUOTED + 2)];
  return characters.length > QUOTED ? `${characters.slice(0, QUOTED).join("")}…` : characters.join("");
}

/** `one of "a", "b"`; a single choice is just itself. */
export function choices(values: readonly unknown[]): string {
  const listed = values.slice(0, LISTED).map(quote).join(", ");
  if (values.length === 1) return listed;
  return `one of ${listed}${values.length > LISTED ? `, … (${values.length} in all)` : ""}`;
}

/** `a string of 1 to 64 characters`: a noun with the bounds of its length. */
export function sized(noun: string, unit: string, least: number, most: number): string {
  const units = (count: number) => `${count} ${unit}${count === 1 ? "" : "s"}`;
  if (most < Infinity) return `${noun} of ${least > 0 ? `${least} to` : "at most"} ${units(most)}`;
  return least > 0 ? `${noun} of at least ${units(least)}` : noun;
}

/** `an integer from 0 to 2^53-1`: a noun with the bounds of its value. */
export function bounded(noun: string, least: number, most: number): string {
  if (least > -Infinity)
    return `${noun} ${most < Infinity ? `from ${limit(least)} to ${limit(most)}` : `of at least ${limit(least)}`}`;
  return most < Infinity ? `${noun} of at most ${limit(most)}` : noun;
}

function limit(bound: number): string {
  return bound === SAFE ? "2^53-1" : bound === -SAFE ? "-(2^53-1)" : String(bound);
}

/** `; did you mean "tool_name"?`, or nothing when no name is near. */
export function suggestion(given: unknown, names: readonly unknown[]): string {
  if (typeof given !== "string" || [...given].length > LONGEST_NAME) return "";
  const wanted = bare(given);
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    if (typeof name !== "string") continue;
    const candidate = bare(name);
    if (Math.abs(candidate.length - wanted.length) >= least) continue;
    const distance = edits(wanted, candidate);
    if (distance < least) [nearest, least] = [name, distance];
  }
  return nearest === undefined ? "" : `; did you mean ${quote(nearest)}?`;
}

/** `toolCallId`, `tool-call-id` and `tool_call_id` are the same name in different clothes. */
function bare(name: string): readonly string[] {
  return [...name.toLowerCase().replace(/[_-]/g, "")];
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function edits(from: readonly string[], to: readonly string[]): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const cost = (line: number, column: number) => rows[line]?.[column] ?? Infinity;
  for (let line = 1; line <= from.length; line++) {
    rows.push([line]);
    for (let column = 1; column <= to.length; column++) {
      const same = from[line - 1] === to[column - 1];
      const swapped = from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1];
      const least = Math.min(
        cost(line - 1, column - 1) + (same ? 0 : 1),
        cost(line - 1, column) + 1,
        cost(line, column - 1) + 1,
        swapped ? cost(line - 2, column - 2) + 1 : Infinity,
      );
      rows[line]?.push(least);
    }
  }
  return cost(from.length, to.length);
}
