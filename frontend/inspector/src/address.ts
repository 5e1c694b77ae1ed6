/** Which session is open, kept in the address so that it can be shared and the back button works. */

import { useEffect, useState } from "react";

export function useSessionInAddress(): [string | undefined, (sessionId: string) => void] {
  const [sessionId, setSessionId] = useState(read);
  useEffect(() => {
    const onChange = () => setSessionId(read());
    addEventListener("popstate", onChange);
    return () => removeEventListener("popstate", onChange);
  }, []);
  const choose = (next: string) => {
    const url = new URL(location.href);
    url.searchParams.set("session", next);
    history.pushState(null, "", url);
    setSessionId(next);
  };
  return [sessionId, choose];
}

function read(): string | undefined {
  return new URL(location.href).searchParams.get("session") ?? undefined;
}

/** The same page for a second viewer, which shows nothing but the session. */
export const isEmbedded = new URL(location.href).searchParams.has("viewer");
