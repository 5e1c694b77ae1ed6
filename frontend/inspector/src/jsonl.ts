/** Sessions as files: one event a line. */

import { createClient, type SessionSnapshot } from "@agui-lockstep/client";
import { type AgentEvent, contract } from "@agui-lockstep/events";

export function download(name: string, events: readonly AgentEvent[]): void {
  const text = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  const url = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: `${name}.jsonl` });
  link.click();
  URL.revokeObjectURL(url);
}

export interface Imported {
  readonly name: string;
  readonly session: SessionSnapshot;
  /** Lines that are not events of this contract. */
  readonly rejected: number;
}

/** Reads a file into a session that nothing can change any more. */
export async function importFile(file: File): Promise<Imported> {
  const lines = (await file.text()).split("\n").filter((line) => line.trim() !== "");
  const events = lines.flatMap((line) => {
    const verdict = contract.read(line);
    return verdict.verdict === "known" ? [verdict.event] : [];
  });
  const client = createClient(file.name, { initialEvents: events, maxEvents: 200_000 });
  return { name: file.name, session: client.getSnapshot(), rejected: lines.length - events.length };
}
