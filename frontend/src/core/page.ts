/** The page around the stream: it comes back, or it is being put away. */

/**
 * Listens until the returned function is called; does nothing outside a browser. `onChange(true)`: the page is being left,
 * and an open request would keep it out of the back-forward cache. `onChange(false)`: worth trying at once, because it is
 * online again, visible again, or restored.
 */
export function watchPage(onChange: (left: boolean) => void): () => void {
  if (typeof document === "undefined") return () => {};
  const listening = new AbortController();
  const on = (target: EventTarget, type: string, listener: () => void) =>
    target.addEventListener(type, listener, listening);
  const onReturn = () => onChange(false);
  on(window, "online", onReturn);
  on(window, "pageshow", onReturn);
  on(window, "pagehide", () => onChange(true));
  on(document, "visibilitychange", () => document.hidden || onReturn());
  return () => listening.abort();
}

/** Lets the page paint and answer input. Unlike timers, neither of the two ways is slowed down in hidden tabs. */
export function yieldToPage(): Promise<unknown> {
  const { scheduler } = globalThis as { scheduler?: { yield?(): Promise<void> } };
  // Not in Safari yet; where it is, it costs a third of a message.
  if (scheduler?.yield) return scheduler.yield();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(port1.close());
    port2.postMessage(0);
  });
}
