"use client";
/** Tells screen readers what matters, at most every two seconds; never the stream of tokens. */

import { useEffect, useRef, useState } from "react";
import type { SessionSnapshot } from "../core/snapshot.ts";
import { type SessionSource, useSessionSource } from "./source.ts";
import { summarise } from "./summary.ts";

const PAUSE_MS = 2000;

export function Announcer(props: SessionSource) {
  const session = useSessionSource(props);
  const sentence = sentenceFor(session);
  const [spoken, setSpoken] = useState("");
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + PAUSE_MS - Date.now());
    const timer = setTimeout(() => {
      last.current = Date.now();
      setSpoken(sentence);
    }, wait);
    return () => clearTimeout(timer);
  }, [sentence]);
  return (
    <div role="status" className="ls-hidden">
      {spoken}
    </div>
  );
}

function sentenceFor(session: SessionSnapshot): string {
  if (session.status === "reconnecting") return "Connection lost, reconnecting.";
  if (session.status === "failed") return `Connection stopped: ${session.error?.message ?? ""}`;
  const { agent, activity, failures } = summarise(session);
  const failed = failures.at(-1);
  return `${agent ?? "The agent"} ${activity}.${failed ? ` ${failed.what} failed: ${failed.why}.` : ""}`;
}
