/** What the page tells a connection: it is back, or it is being put away. */

export interface PageCallbacks {
  /** Worth trying at once: online again, visible again, or restored from the back-forward cache. */
  onReturn(): void;
  /** The page is being left. An open request would keep it out of the back-forward cache. */
  onLeave(): void;
}

/** Listens until the returned function is called; does nothing outside a browser. */
export function watchPage({ onReturn, onLeave }: PageCallbacks): () => void {
  if (typeof document === "undefined") return () => {};
  const onVisibility = () => document.hidden || onReturn();
  const listeners: [EventTarget, string, () => void][] = [
    [window, "online", onReturn],
    [window, "pageshow", onReturn],
    [window, "pagehide", onLeave],
    [document, "visibilitychange", onVisibility],
  ];
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener);
  return () => {
    for (const [target, type, listener] of listeners) target.removeEventListener(type, listener);
  };
}

/** Lets the page paint and answer input; unlike timers, a message is not slowed down in hidden tabs. */
export function yieldToPage(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
