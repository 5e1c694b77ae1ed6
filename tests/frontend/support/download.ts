/** What a browser downloads for an import: at once, and later. */

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { ROOT } from "./packed.ts";

export interface Download {
  /** Bytes, gzipped file by file: what is loaded before anything runs. */
  readonly atOnce: number;
  /** The same for what an `import()` loads when it is needed, by the name of its module. */
  readonly later: Readonly<Record<string, number>>;
}

const REACT = ["react", "react-dom", "react/jsx-runtime"];

/** Bundles and minifies as an application would, with everything of `leftOut` loaded from elsewhere. */
export async function measure(code: string, leftOut: readonly string[] = []): Promise<Download> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: join(ROOT, "frontend"), loader: "ts" },
    absWorkingDir: ROOT,
    outdir: "unwritten",
    bundle: true,
    minify: true,
    splitting: true,
    metafile: true,
    write: false,
    format: "esm",
    platform: "browser",
    legalComments: "none",
    conditions: ["@agui-lockstep/source"],
    define: { "process.env.NODE_ENV": '"production"' },
    external: [...REACT, ...leftOut],
    logLevel: "silent",
  });
  const sizes = new Map(outputFiles.map(({ path, contents }) => [path.split("/").at(-1), gzipSync(contents).length]));
  const size = (path: string) => sizes.get(path.split("/").at(-1)) ?? 0;
  const needed = (path: string): string[] => {
    const statically = metafile.outputs[path]?.imports.filter(
      ({ kind, external }) => kind !== "dynamic-import" && !external,
    );
    return [path, ...(statically ?? []).flatMap((each) => needed(each.path))];
  };
  const [entry] = Object.keys(metafile.outputs).filter((path) => metafile.outputs[path]?.entryPoint === "<stdin>");
  const first = new Set(needed(entry as string));
  const rest = Object.keys(metafile.outputs).filter((path) => !first.has(path));
  return {
    atOnce: [...first].reduce((sum, path) => sum + size(path), 0),
    later: Object.fromEntries(rest.map((path) => [metafile.outputs[path]?.entryPoint ?? path, size(path)])),
  };
}
