"use client";
/** The present, on the clock of the events. */

import { useEffect, useRef, useState } from "react";

/** Bars of running rows grow this often, ms. */
const TICK_MS = 200;
/** A page that is idle only after so long was busy, ms: with something to show, and that renders the present as well. */
const BUSY_MS = 40;

/**
 * Newest event time plus what has passed here since it arrived: a viewer's clock may be hours off.
 * Ticks only while something is running, and the page has nothing better to do.
 */
export function useNow(lastEventAt: number, running: boolean): number {
  const seen = useRef({ lastEventAt, at: Date.now() });
  const [, tick] = useState(0);
  if (seen.current.lastEventAt !== lastEventAt) seen.current = { lastEventAt, at: Date.now() };
  useEffect(() => {
    if (!running) return;
    return repeatWhenIdle(() => tick((before) => before + 1));
  }, [running]);
  return running ? lastEventAt + Date.now() - seen.current.at : lastEventAt;
}

function repeatWhenIdle(action: () => void): () => void {
  let idle = 0;
  const timer = setInterval(() => {
    // Safari has none.
    if (typeof requestIdleCallback !== "function") return action();
    cancelIdleCallback(idle);
    const asked = performance.now();
    idle = requestIdleCallback(() => performance.now() - asked < BUSY_MS && action());
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    if (idle) cancelIdleCallback(idle);
  };
}
