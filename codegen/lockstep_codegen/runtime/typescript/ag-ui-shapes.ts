/** Objects inside AG-UI frames: declared names change with the direction, what is opaque stays as it is. */

import { below } from "./check.ts";
import { isObject } from "./json.ts";

/** The other protocol's name of a member, and the shape of what stands there. */
export type AgUiField = readonly [name: string, shape: string | null];

export type AgUiShape =
  | { readonly fields: Readonly<Record<string, AgUiField>>; readonly open?: boolean }
  | { readonly tag: string; readonly of: Readonly<Record<string, string>> };

interface Resolved {
  readonly out: ReadonlyMap<string, AgUiField>;
  readonly in: ReadonlyMap<string, AgUiField>;
  readonly open: boolean;
}

/** Members of a frame that the table does not declare, by JSON Pointer. */
export class Extras {
  readonly kept: Record<string, unknown> = {};
  /** Those that AG-UI allows nowhere: every object is closed but a patch operation. */
  readonly refused: string[] = [];

  add(pointer: string, value: unknown, allowed = false): void {
    this.kept[pointer] = value;
    if (!allowed) this.refused.push(pointer);
  }
}

/** Every object and union that can stand below an event, by name, in both directions. */
export class AgUiShapes {
  readonly #shapes: ReadonlyMap<string, AgUiShape>;
  readonly #objects: ReadonlyMap<string, Resolved>;

  constructor(shapes: Readonly<Record<string, AgUiShape>>) {
    this.#shapes = new Map(Object.entries(shapes));
    const objects = new Map<string, Resolved>();
    for (const [name, shape] of this.#shapes) {
      if ("tag" in shape) continue;
      const out = new Map(Object.entries(shape.fields));
      objects.set(name, { out, in: inverted(out), open: shape.open ?? false });
    }
    this.#objects = objects;
  }

  /** A value of the contract as AG-UI writes it; members that AG-UI does not have are left out. */
  outward(value: unknown, name: string | null): unknown {
    if (name === null) return value;
    if (Array.isArray(value)) return value.map((each) => this.outward(each, name));
    const shape = this.#resolve(value, name);
    if (shape === undefined) return value;
    const result: Record<string, unknown> = {};
    for (const [key, each] of Object.entries(value as object)) {
      const field = shape.out.get(key);
      if (field !== undefined) result[field[0]] = this.outward(each, field[1]);
    }
    return result;
  }

  /** An AG-UI value in the contract's names; what is not declared goes to `extras`. */
  inward(value: unknown, name: string | null, pointer: string, extras: Extras): unknown {
    if (name === null) return value;
    if (Array.isArray(value)) return value.map((each, index) => this.inward(each, name, `${pointer}/${index}`, extras));
    const shape = this.#resolve(value, name);
    if (shape === undefined) return value;
    const result: Record<string, unknown> = {};
    for (const [key, each] of Object.entries(value as object)) {
      const field = shape.in.get(key);
      const place = below(pointer, key);
      if (field === undefined) extras.add(place, each, shape.open);
      else result[field[0]] = this.inward(each, field[1], place, extras);
    }
    return result;
  }

  /** The steps of a pointer into `value`, an object of the contract, in AG-UI's names. */
  inAgUi(steps: readonly string[], value: unknown, name: string | null): string[] {
    const found: string[] = [];
    let [here, shapeName] = [value, name];
    for (const step of steps) {
      const field = Array.isArray(here) ? undefined : this.#resolve(here, shapeName)?.out.get(step);
      if (!Array.isArray(here)) shapeName = field?.[1] ?? null;
      found.push(field?.[0] ?? step);
      here = typeof here === "object" && here !== null ? (here as Record<string, unknown>)[step] : undefined;
    }
    return found;
  }

  /** What `value` is meant to be: a union is decided by its tag. Undefined for anything that is no such object. */
  #resolve(value: unknown, name: string | null): Resolved | undefined {
    if (name === null || !isObject(value)) return undefined;
    const shape = this.#shapes.get(name);
    if (shape === undefined || !("tag" in shape)) return this.#objects.get(name);
    const tag = (value as Record<string, unknown>)[shape.tag];
    if (typeof tag !== "string" || !Object.hasOwn(shape.of, tag)) return undefined;
    return this.#objects.get(shape.of[tag] as string);
  }
}

/** From `snake: [camel, shape]` to `camel: [snake, shape]`. */
export function inverted(fields: ReadonlyMap<string, AgUiField>): ReadonlyMap<string, AgUiField> {
  return new Map([...fields].map(([snake, [camel, shape]]) => [camel, [snake, shape]]));
}

export function stepsOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Put a member back where it was; a place that is no longer there is left alone. */
export function restore(frame: unknown, pointer: string, value: unknown): void {
  const path = stepsOf(pointer);
  const last = path.pop();
  let here = frame;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return;
    here = (here as Record<string, unknown>)[step];
  }
  if (last !== undefined && isObject(here)) define(here as Record<string, unknown>, last, value);
}

/** An own member, also when it is called `__proto__`. */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
