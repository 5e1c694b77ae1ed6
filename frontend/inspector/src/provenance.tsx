/** Where a type comes from: its schema, and the Python and TypeScript that were generated from it. */

import { EVENT_TYPES, type EventType } from "@agui-lockstep/events";
import { useEffect, useState } from "react";
import { fetchSchema, type SchemaDocument } from "./server.ts";

const pythonFiles = import.meta.glob<string>("../../../generated/python/lockstep_events/*.py", {
  query: "?raw",
  import: "default",
});
const typescriptFiles = import.meta.glob<string>("../../../generated/typescript/src/types.ts", {
  query: "?raw",
  import: "default",
});

interface Sources {
  readonly schema: SchemaDocument;
  readonly python: string;
  readonly typescript: string;
}

async function load(signal: AbortSignal): Promise<Sources> {
  const text = async (files: Record<string, () => Promise<string>>) =>
    (await Promise.all(Object.values(files).map((file) => file()))).join("\n\n");
  const [schema, python, typescript] = await Promise.all([
    fetchSchema(signal),
    text(pythonFiles),
    text(typescriptFiles),
  ]);
  return { schema, python, typescript };
}

export function Provenance({ newest }: { readonly newest: EventType | undefined }) {
  const [sources, setSources] = useState<Sources>();
  const [error, setError] = useState("");
  const [chosen, setChosen] = useState<EventType>();
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(setSources, (reason) => abort.signal.aborted || setError(String(reason)));
    return () => abort.abort();
  }, []);
  // Of a contract that this page was not built with, there is no code to show.
  const known = newest !== undefined && EVENT_TYPES.includes(newest) ? newest : undefined;
  const type = chosen ?? known ?? "tool_call_started";
  const name = type.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
  const names = [`${name}Event`, `${name}Payload`];
  return (
    <section className="provenance" aria-label="Contract">
      <div className="ls-toolbar">
        <select
          className="ls-input"
          aria-label="Contract type"
          value={type}
          onChange={(event) => setChosen(event.target.value as EventType)}
        >
          {EVENT_TYPES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <span className="ls-hint">One schema; everything else on this page is generated from it.</span>
      </div>
      {error && <p className="ls-alert">{error}</p>}
      {sources && (
        <div className="columns">
          <Source
            title="schema/events.schema.json"
            text={names.map((each) => schemaOf(sources.schema, each)).join("\n")}
          />
          <Source title="Python" text={names.map((each) => blockOf(sources.python, `class ${each}(`)).join("\n\n")} />
          <Source
            title="TypeScript"
            text={names
              .map((each) => blockOf(sources.typescript, `export interface ${each} `, `export type ${each} `))
              .join("\n\n")}
          />
        </div>
      )}
    </section>
  );
}

function Source({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <figure>
      <figcaption>{title}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}

function schemaOf({ $defs }: SchemaDocument, name: string): string {
  const { examples: _, ...definition } = ($defs[name] ?? {}) as Record<string, unknown>;
  return `"${name}": ${JSON.stringify(definition, null, 2)}`;
}

/** From the line that begins so, to the next line that is not indented and not a closing bracket. */
function blockOf(source: string, ...begins: readonly string[]): string {
  const start = begins.map((begin) => source.indexOf(`\n${begin}`)).find((at) => at >= 0);
  if (start === undefined) return "";
  const lines = source.slice(start + 1).split("\n");
  const end = lines.findIndex((line, at) => at > 0 && /^[^\s})]/.test(line));
  return lines
    .slice(0, end < 0 ? 80 : end)
    .join("\n")
    .trim();
}
