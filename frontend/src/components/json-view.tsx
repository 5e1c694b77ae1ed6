"use client";
/** A JSON value as a tree that can be folded; large ones as text. */

import { useState } from "react";

/** Above this a tree would be thousands of elements. */
const TREE_LIMIT = 200_000;
/** Containers open at first down to this depth. */
const OPEN_DEPTH = 2;
/** Members shown before the rest is asked for. */
const PAGE = 100;

export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  const size = typeof value === "object" && value !== null ? JSON.stringify(value).length : 0;
  if (size > TREE_LIMIT) return <pre className="ls-json">{JSON.stringify(value, null, 2).slice(0, TREE_LIMIT)}…</pre>;
  return (
    <section className="ls-json" aria-label={label}>
      <Node value={value} depth={0} />
    </section>
  );
}

interface NodeProps {
  readonly name?: string;
  readonly value: unknown;
  readonly depth: number;
}

function Node({ name, value, depth }: NodeProps) {
  const [pages, setPages] = useState(1);
  const key = name !== undefined && <span className="ls-json-key">{name}: </span>;
  if (typeof value !== "object" || value === null) {
    return (
      <div className="ls-json-leaf">
        {key}
        <span data-json={value === null ? "null" : typeof value}>{JSON.stringify(value)}</span>
      </div>
    );
  }
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) {
    return (
      <div className="ls-json-leaf">
        {key}
        {open}
        {close}
      </div>
    );
  }
  return (
    <details open={depth < OPEN_DEPTH}>
      <summary>
        {key}
        {open} <span className="ls-json-size">{entries.length}</span> {close}
      </summary>
      {entries.slice(0, pages * PAGE).map(([member, child]) => (
        <Node key={member} name={member} value={child} depth={depth + 1} />
      ))}
      {entries.length > pages * PAGE && (
        <button type="button" className="ls-button" onClick={() => setPages(pages + 1)}>
          {entries.length - pages * PAGE} more
        </button>
      )}
    </details>
  );
}
