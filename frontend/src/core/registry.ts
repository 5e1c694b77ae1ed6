/** One client per session for the whole page, alive while anything uses it. */

import type { AgentEvent, EventBase } from "@agui-lockstep/events";
import { type AgentEventsClient, createClient } from "./client.ts";
import { type AgentEventsOptions, streamUrl } from "./options.ts";

interface Entry {
  readonly client: AgentEventsClient;
  holders: number;
  closing?: ReturnType<typeof setTimeout>;
}

/** Long enough for StrictMode's second mount and for a change of page, too short to be noticed on the server. */
const GRACE_MS = 100;
/** Streams with which a page is still far from a browser's limit, so that a connection is left to load the rest. */
const FEW = 4;

const entries = new Map<string, Entry>();

/** What makes two users share: the address and the scope, never the identity of an options object. */
export function clientKey(sessionId: string, options: AgentEventsOptions<EventBase>): string {
  return `${streamUrl(sessionId, options)} ${options.scope ?? ""}`;
}

/** The client if anything holds it; reading never creates one, so rendering has no side effects. */
export function peekClient(key: string): AgentEventsClient | undefined {
  return entries.get(key)?.client;
}

/** Holds the client, opening it for the first holder. Call the returned function once to let go. */
export function holdClient<Known extends EventBase = AgentEvent>(
  sessionId: string,
  options?: AgentEventsOptions<Known>,
  key?: string,
): [client: AgentEventsClient<Known>, release: () => void];
export function holdClient(
  sessionId: string,
  options: AgentEventsOptions = {},
  key = clientKey(sessionId, options),
): [client: AgentEventsClient, release: () => void] {
  const entry: Entry = entries.get(key) ?? { client: createClient(sessionId, options), holders: 0 };
  const { client } = entry;
  if (!entries.has(key)) {
    entries.set(key, entry);
    client.open();
    if (entries.size >= FEW) void warnOfLimit(client, [...entries.keys()]);
  }
  clearTimeout(entry.closing);
  entry.holders++;
  let released = false;
  return [
    client,
    () => {
      if (released) return;
      released = true;
      if (--entry.holders > 0) return;
      entry.closing = setTimeout(() => {
        client.close();
        entries.delete(key);
      }, GRACE_MS);
    },
  ];
}

async function warnOfLimit(client: AgentEventsClient, keys: readonly string[]): Promise<void> {
  const { limitWarning } = await import("./stream-limit.ts");
  client.warn(limitWarning(keys.map((key) => key.split(" ")[0] as string)));
}
