/** Browsers open six connections to one origin over HTTP/1.1: what comes after waits, without an error. */

const LIMIT = 6;

/** A warning when the last of `urls` leaves its origin no connection for anything else. */
export function limitWarning(urls: readonly string[]): string | null {
  if (typeof document === "undefined") return null;
  const origins = urls.map((url) => new URL(url, document.baseURI).origin);
  const origin = origins.at(-1) as string;
  const streams = origins.filter((other) => other === origin).length;
  if (streams < LIMIT || multiplexes(origin)) return null;
  const warning = `${streams} event streams to ${origin}, but over HTTP/1.1 a browser opens only ${LIMIT}, for everything: close one, or serve over HTTP/2.`;
  console.warn(warning);
  return warning;
}

/** Whether the origin has answered over HTTP/2 or 3; an open stream itself has no timing entry yet. */
function multiplexes(origin: string): boolean {
  const timings = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const own = timings.filter((timing) => new URL(timing.name, origin).origin === origin);
  return own.some((timing) => /^h[23]/.test((timing as PerformanceResourceTiming).nextHopProtocol));
}
