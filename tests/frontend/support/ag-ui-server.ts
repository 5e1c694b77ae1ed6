/** A real server with AG-UI agents, started as a user starts it. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

export class AgUiServer {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #data: string;

  private constructor(url: string, process: ChildProcess, data: string) {
    this.url = url;
    this.#process = process;
    this.#data = data;
  }

  static start(): Promise<AgUiServer> {
    const data = mkdtempSync(join(tmpdir(), "lockstep-"));
    const { REDIS_URL: _, ...environment } = process.env;
    const server = spawn(join(ROOT, ".venv/bin/uvicorn"), ["support.ag_ui_app:app", "--port", "0"], {
      env: { ...environment, LOCKSTEP_DATA_DIR: data, PYTHONPATH: join(ROOT, "tests"), PYTHONUNBUFFERED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    return new Promise((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk;
        const url = /on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
        if (url) resolve(new AgUiServer(url, server, data));
      };
      server.stdout.on("data", read);
      server.stderr.on("data", read);
      server.on("exit", (code) => reject(new Error(`uvicorn ended with ${code}:\n${output}`)));
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
