/**
 * The TypeScript codec and the official validators.
 *
 * One JSON `{frame, strict}` a line goes in, and one JSON line comes out for each: the frame that came back, the faults, and
 * whether the official schema accepts what came back.
 */

import { createInterface } from "node:readline";
import { EventSchema } from "@ag-ui/core/schemas";
import { codec, InvalidAgUiError } from "../../generated/typescript/src/ag-ui.ts";

interface Case {
  readonly frame: unknown;
  readonly strict: boolean;
}

function answer({ frame, strict }: Case): object {
  try {
    const event = codec.fromAgUi(frame, { session_id: "thread-1", run_id: "run-1", agent: "tester" }, { strict });
    const back = codec.toAgUi(event);
    return { event: event.type, back, faults: [], official: EventSchema.safeParse(back).success };
  } catch (error) {
    if (!(error instanceof InvalidAgUiError)) throw error;
    return { faults: error.faults };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
