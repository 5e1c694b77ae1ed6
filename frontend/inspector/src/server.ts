/** What the page asks of the server besides the stream. Addresses are relative: the page may be mounted anywhere. */

export const BASE_URL = new URL(".", document.baseURI).pathname.replace(/\/$/, "");

export interface SessionInfo {
  readonly session_id: string;
  readonly events: number;
  /** Seconds since 1970. */
  readonly last_activity: number;
}

export async function fetchSessions(signal: AbortSignal): Promise<readonly SessionInfo[]> {
  const answer = await request("/sessions", { signal });
  const { sessions } = (await answer.json()) as { sessions: readonly SessionInfo[] };
  return sessions;
}

/** Publishes newline-delimited events. */
export async function publish(sessionId: string, lines: readonly string[]): Promise<void> {
  await request(`/events/${encodeURIComponent(sessionId)}`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: lines.join("\n"),
  });
}

export async function fetchSchema(signal: AbortSignal): Promise<SchemaDocument> {
  return (await request("/schema", { signal })).json();
}

export interface SchemaDocument {
  readonly $defs: Readonly<Record<string, { readonly description?: string }>>;
  readonly oneOf: readonly { readonly $ref: string }[];
}

async function request(path: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(`${BASE_URL}${path}`, {
    ...init,
  });
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new Error(`${path}: HTTP ${answer.status} ${problem.detail ?? problem.title ?? answer.statusText}`);
}
