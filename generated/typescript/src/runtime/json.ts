/** The values that JSON carries. */

export type JsonValue = null | JsonNotNull;
export type JsonNotNull = boolean | number | string | JsonObject | readonly JsonValue[];
export type JsonObject = { readonly [name: string]: JsonValue };

/** An object as JSON knows it: not an array, not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
