/** One client per session for the whole page, alive while anything uses it. */

import { AgentEventsClient } from "./client.ts";
import { type AgentEventsOptions, streamUrl } from "./options.ts";
import { limitWarning } from "./stream-limit.ts";

interface Entry {
  readonly client: AgentEventsClient;
  readonly url: string;
  holders: number;
  closing?: ReturnType<typeof setTimeout>;
}

/** Long enough for StrictMode's second mount and for a change of page, too short to be noticed on the server. */
const GRACE_MS = 100;

const entries = new Map<string, Entry>();

/** What makes two users share: the address and the scope, never the identity of an options object. */
export function clientKey(sessionId: string, options: AgentEventsOptions): string {
  return `${options.scope ?? ""} ${streamUrl(sessionId, options)}`;
}

/** The client if anything holds it; reading never creates one, so rendering has no side effects. */
export function peekClient(key: string): AgentEventsClient | undefined {
  return entries.get(key)?.client;
}

/** Holds the client, opening it for the first holder. Call the returned function once to let go. */
export function holdClient(
  sessionId: string,
  options: AgentEventsOptions = {},
  key = clientKey(sessionId, options),
): [client: AgentEventsClient, release: () => void] {
  let entry = entries.get(key);
  if (!entry) {
    const url = streamUrl(sessionId, options);
    entry = { client: new AgentEventsClient(sessionId, options), url, holders: 0 };
    entry.client.warn(limitWarning([...entries.values(), entry].map((other) => other.url)));
    entries.set(key, entry);
    entry.client.open();
  }
  clearTimeout(entry.closing);
  entry.holders++;
  const held = entry;
  let released = false;
  return [
    held.client,
    () => {
      if (released) return;
      released = true;
      if (--held.holders > 0) return;
      held.closing = setTimeout(() => {
        held.client.close();
        entries.delete(key);
      }, GRACE_MS);
    },
  ];
}
