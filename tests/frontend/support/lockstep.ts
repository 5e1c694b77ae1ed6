/** The real server, started as a user starts it. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../../..");

export class Lockstep {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #data: string;

  private constructor(url: string, process: ChildProcess, data: string) {
    this.url = url;
    this.#process = process;
    this.#data = data;
  }

  static start(): Promise<Lockstep> {
    const data = mkdtempSync(join(tmpdir(), "lockstep-"));
    const server = spawn(join(ROOT, ".venv/bin/lockstep"), ["serve", "--port", "0"], {
      env: environmentOf(data),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    return new Promise((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk;
        const url = /on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
        if (url) resolve(new Lockstep(url, server, data));
      };
      server.stdout.on("data", read);
      server.stderr.on("data", read);
      server.on("exit", (code) => reject(new Error(`lockstep serve ended with ${code}:\n${output}`)));
    });
  }

  /** Publishes events in order; envelope and times are the server's where they are missing. */
  async publish(sessionId: string, events: readonly object[]): Promise<void> {
    for (let from = 0; from < events.length; from += 500) {
      const body = events
        .slice(from, from + 500)
        .map((event) => JSON.stringify(event))
        .join("\n");
      const headers = { "content-type": "application/x-ndjson" };
      const answer = await fetch(`${this.url}/events/${sessionId}`, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    }
  }

  /** Runs a Python program beside the server, on the same bus; `path` is the repository's. */
  async run(path: string): Promise<void> {
    await promisify(execFile)(join(ROOT, ".venv/bin/python"), [join(ROOT, path)], {
      env: environmentOf(this.#data),
      timeout: 60_000,
    });
  }

  async stop(): Promise<void> {
    this.#process.removeAllListeners("exit");
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGINT");
    await ended;
    rmSync(this.#data, { recursive: true, force: true });
  }
}

function environmentOf(data: string): NodeJS.ProcessEnv {
  const { REDIS_URL: _, ...environment } = process.env;
  return { ...environment, LOCKSTEP_DATA_DIR: data };
}
