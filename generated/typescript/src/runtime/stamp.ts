/** Identity and time of a new event: the one place that asks the clock and the random generator. */

/** A UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then 74 random bits; it sorts by time. */
export function newEventId(milliseconds: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let index = 0; index < 6; index++) bytes[index] = (milliseconds / 2 ** (8 * (5 - index))) & 0xff;
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** UTC with milliseconds, `2026-11-23T10:00:00.000Z`: the only form of a timestamp on the wire. */
export function newTimestamp(milliseconds: number = Date.now()): string {
  return new Date(milliseconds).toISOString();
}
