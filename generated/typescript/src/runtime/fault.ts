/** What is wrong with a document: one fault a place, and the error that carries them. */

/** `text`: the document as a whole; `type`: anything about a value, its bounds and pattern included. */
export type FaultCode = "text" | "missing" | "extra" | "tag" | "type";

export interface Fault {
  /** RFC 6901 JSON Pointer to the member at fault; `""` is the whole document. */
  readonly pointer: string;
  readonly code: FaultCode;
  /** The value in quotes, what was expected, and the nearest name when it looks like a slip. */
  readonly message: string;
}

/** More lines than this help nobody; `faults` has them all. */
const SHOWN = 10;

/** Thrown for a document that is not an event of the contract. */
export class InvalidEventError extends Error {
  override readonly name = "InvalidEventError";
  /** Every fault, sorted by pointer, one a pointer. */
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[], type?: string) {
    super(`invalid ${type === undefined ? "event" : `${type} event`}: ${summary(faults)}`);
    this.faults = faults;
  }
}

function summary(faults: readonly Fault[]): string {
  const lines = faults.map((fault) => `${fault.pointer || "document"}: ${fault.message}`);
  if (lines.length === 1) return lines.join();
  const rest = lines.length > SHOWN ? [`… and ${lines.length - SHOWN} more`] : [];
  return [`${lines.length} faults`, ...lines.slice(0, SHOWN), ...rest].join("\n  ");
}
