/**
 * Passes the stream of the Lockstep server on, unbuffered. A route handler, because `rewrites()` compresses
 * and buffers event streams; and because here the server's token stays on the server.
 */

const SERVER = process.env["LOCKSTEP_URL"] ?? "http://127.0.0.1:8000";

export const dynamic = "force-dynamic";

export async function GET(request: Request, { params }: { params: Promise<{ session: string }> }): Promise<Response> {
  const { session } = await params;
  const headers = new Headers({ accept: "text/event-stream" });
  const cursor = request.headers.get("last-event-id");
  if (cursor) headers.set("last-event-id", cursor);
  const token = process.env["LOCKSTEP_TOKEN"];
  if (token) headers.set("authorization", `Bearer ${token}`);
  const url = `${SERVER}/events/${encodeURIComponent(session)}${new URL(request.url).search}`;
  // The signal ends the server's stream when the browser leaves.
  const answer = await fetch(url, { headers, signal: request.signal, cache: "no-store" });
  return new Response(answer.body, {
    status: answer.status,
    headers: {
      "content-type": answer.headers.get("content-type") ?? "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
