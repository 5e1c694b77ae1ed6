/** What a check is: the pieces of a contract's table answer like this, and tell their faults like this. */

import type { FaultCode } from "./fault.ts";
import { quote, suggestion } from "./words.ts";

/** Collects what a check finds. Without one a check only answers, and builds no pointer for what is valid. */
export interface Report {
  fault(pointer: string, code: FaultCode, message: string): void;
  /** A member that the contract does not know, and the object that holds it. */
  extra(pointer: string, owner: Record<string, unknown>, name: string, message: string): void;
}

export interface Check {
  (value: unknown, pointer: string, report: Report | undefined): boolean;
  /** What stands here, in words: `a string of 1 to 64 characters`. */
  expected(): string;
}

export const UNCARRIED = "holds a number that JSON cannot carry";

/** The pointer one step further down (RFC 6901). */
export function below(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

export function check(expected: () => string, judge: (...given: Parameters<Check>) => boolean): Check {
  return Object.assign(judge, { expected });
}

/** Tells that `value` is not what stands here, and answers no. `names` are the choices that a slip may have meant. */
export function refuse(
  value: unknown,
  expected: () => string,
  pointer: string,
  report: Report | undefined,
  names: readonly unknown[] = [],
  code: FaultCode = "type",
): false {
  if (report !== undefined) {
    const infinite = typeof value === "number" && !Number.isFinite(value);
    const absent = value === null && pointer !== "" ? "; leave the member out instead" : "";
    report.fault(
      pointer,
      code,
      infinite ? UNCARRIED : `${quote(value)} is not ${expected()}${absent}${suggestion(value, names)}`,
    );
  }
  return false;
}
