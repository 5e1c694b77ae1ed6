/** A value that is fetched again and again while the page is visible. */

import { useEffect, useState } from "react";

export interface Polled<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
}

export function usePolled<T>(load: (signal: AbortSignal) => Promise<T>, everyMs: number): Polled<T> {
  const [state, setState] = useState<Polled<T>>({ value: undefined, error: undefined });
  useEffect(() => {
    const abort = new AbortController();
    const refresh = async () => {
      if (document.hidden) return;
      try {
        const value = await load(abort.signal);
        setState({ value, error: undefined });
      } catch (error) {
        if (!abort.signal.aborted) setState((before) => ({ ...before, error: String(error) }));
      }
    };
    void refresh();
    const timer = setInterval(refresh, everyMs);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [load, everyMs]);
  return state;
}
