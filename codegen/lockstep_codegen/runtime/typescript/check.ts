/** What a check is: the pieces of a contract's table answer like this, and tell their faults like this. */

import type { FaultCode } from "./fault.ts";
import { quote, suggestion } from "./words.ts";

/** Collects what is wrong. */
export interface Report {
  fault(pointer: string, code: FaultCode, message: string): void;
  /** A member that the contract does not know, and the object that holds it. */
  extra(pointer: string, owner: Record<string, unknown>, name: string, message: string): void;
}

export interface Check {
  /** Whether this value may stand here. It builds nothing: nearly every value may. */
  accepts(value: unknown): boolean;
  /** Tell every fault of a value that was not accepted. */
  tell(value: unknown, pointer: string, report: Report): void;
  /** What stands here, in words: `a string of 1 to 64 characters`. */
  expected(): string;
  /** Set where only strings may stand. Empty: any string. Else those that match; JSON writes each of them as it is. */
  readonly pattern?: string;
  /** What an object declares. */
  readonly members?: Members;
}

export interface Member {
  readonly check: Check;
  /** The check's own, one step nearer: members are asked more often than anything else. */
  readonly accepts: Check["accepts"];
  /** 1 or 0, so that an object's required members can be counted. */
  readonly required: number;
}

export type Members = ReadonlyMap<string, Member>;

export const UNCARRIED = "holds a number that JSON cannot carry";

/** The pointer one step further down (RFC 6901). */
export function below(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Tell that `value` is not what stands here. `names` are the choices that a slip may have meant. */
export function refuse(
  value: unknown,
  expected: string,
  pointer: string,
  report: Report,
  names: readonly unknown[] = [],
  code: FaultCode = "type",
): void {
  const infinite = typeof value === "number" && !Number.isFinite(value);
  const absent = value === null && pointer !== "" ? "; leave the member out instead" : "";
  const message = `${quote(value)} is not ${expected}${absent}${suggestion(value, names)}`;
  report.fault(pointer, code, infinite ? UNCARRIED : message);
}
