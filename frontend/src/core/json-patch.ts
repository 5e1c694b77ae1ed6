/** RFC 6902 applied without mutation: what a patch does not touch stays the same object. */

export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly from?: string | undefined;
  readonly value?: unknown;
}

/** The document does not have the shape that the patch expects; nothing was applied. */
export class PatchError extends Error {
  override readonly name = "PatchError";
}

type Container = Record<string, unknown> | unknown[];

export function applyPatch(document: unknown, patch: readonly PatchOperation[]): unknown {
  return patch.reduce(apply, document);
}

function apply(document: unknown, { op, path, from = "", value }: PatchOperation): unknown {
  switch (op) {
    case "add":
      return insert(document, path, value);
    case "remove":
      return remove(document, path);
    case "replace":
      read(document, path);
      return edit(document, path, value, (parent, key) => assign(parent, key, value));
    case "move": {
      if (path.startsWith(`${from}/`)) fail(`"${from}" cannot move into itself`);
      const moved = read(document, from);
      return insert(remove(document, from), path, moved);
    }
    case "copy":
      return insert(document, path, read(document, from));
    case "test":
      if (!equal(read(document, path), value)) fail(`test failed at "${path}"`);
      return document;
    default:
      return fail(`unknown operation "${op}"`);
  }
}

function insert(document: unknown, path: string, value: unknown): unknown {
  return edit(document, path, value, (parent, key) => {
    if (!Array.isArray(parent)) assign(parent, key, value);
    else parent.splice(key === "-" ? parent.length : index(parent, key, path), 0, value);
  });
}

function remove(document: unknown, path: string): unknown {
  read(document, path);
  return edit(document, path, null, (parent, key) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  });
}

/** Copies the containers from the root to the parent of `path`, and changes that last copy. */
function edit(document: unknown, path: string, whole: unknown, change: (parent: Container, key: string) => void) {
  const keys = tokens(path);
  const last = keys.pop();
  if (last === undefined) return whole;
  const descend = (node: unknown, depth: number): Container => {
    const copy = Array.isArray(node) ? node.slice() : isObject(node) ? { ...node } : fail(`no container on "${path}"`);
    const key = keys[depth];
    if (key === undefined) change(copy, last);
    else assign(copy, key, descend(member(node, key, path), depth + 1));
    return copy;
  };
  return descend(document, 0);
}

function read(document: unknown, path: string): unknown {
  return tokens(path).reduce<unknown>((node, key) => member(node, key, path), document);
}

function member(node: unknown, key: string, path: string): unknown {
  if (Array.isArray(node) && index(node, key, path) < node.length) return node[Number(key)];
  if (isObject(node) && Object.hasOwn(node, key)) return node[key];
  return fail(`nothing at "${path}"`);
}

function index(array: readonly unknown[], key: string, path: string): number {
  const position = /^(0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN;
  return position <= array.length ? position : fail(`no index "${key}" on "${path}"`);
}

/** Defines rather than assigns: a member called `__proto__` is data like any other. */
function assign(parent: Container, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
}

function tokens(path: string): string[] {
  if (path !== "" && !path.startsWith("/")) fail(`"${path}" is not a JSON Pointer`);
  return path
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function isObject(node: unknown): node is Record<string, unknown> {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}

function equal(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, position) => equal(item, right[position]));
  }
  if (!isObject(left) || !isObject(right)) return left === right;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
  );
}

function fail(reason: string): never {
  throw new PatchError(reason);
}
