/** Notices a connection that is open but dead: nothing arrives, not even a heartbeat. */

export interface Watchdog {
  /** Called for every read, so it only notes the time; the timer looks when it is due. */
  touch(): void;
  stop(): void;
}

/** `limitMs` of 0 never expires. */
export function startWatchdog(limitMs: number, expired: () => void): Watchdog {
  let due = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const touch = () => {
    due = performance.now() + limitMs;
  };
  const look = () => {
    const left = due - performance.now();
    if (left > 0) timer = setTimeout(look, left);
    else expired();
  };
  touch();
  if (limitMs > 0) look();
  return { touch, stop: () => clearTimeout(timer) };
}
