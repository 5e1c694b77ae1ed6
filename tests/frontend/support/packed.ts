/** The packages as users get them: packed by npm and unpacked into a new application. */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../../..");
/** Below the root, so that React and the bundlers are found without an installation from the network. */
const APPLICATIONS = join(ROOT, ".lockstep/applications");
const PACKAGES = { events: join(ROOT, "generated/typescript/npm"), client: join(ROOT, "frontend") };

/** A folder with both packages in its node_modules; `template` is copied into it. */
export function newApplication(name: string, template?: string): string {
  const folder = join(APPLICATIONS, name);
  rmSync(folder, { recursive: true, force: true });
  const scope = join(folder, "node_modules/@agui-lockstep");
  for (const [short, source] of Object.entries(PACKAGES)) {
    const target = join(scope, short);
    mkdirSync(target, { recursive: true });
    const packed = JSON.parse(npm(["pack", "--json", "--silent", "--pack-destination", scope], source));
    // npm 11 lists the packages, npm 12 names them.
    const [{ filename }] = Object.values(packed) as [{ filename: string }];
    execFileSync("tar", ["-xzf", join(scope, filename), "-C", target, "--strip-components=1"]);
  }
  if (template) {
    const skipped = /node_modules|\.next/;
    cpSync(template, folder, { recursive: true, filter: (path) => !skipped.test(path.slice(template.length)) });
  }
  return folder;
}

export function npm(parameters: readonly string[], cwd: string): string {
  return execFileSync("npm", parameters, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
