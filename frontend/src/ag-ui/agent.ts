/** The official AG-UI client on a Lockstep server: runs that survive a dropped socket, and threads that can be joined. */

import { HttpAgent } from "@ag-ui/client";
import { type ResumeOptions, resuming } from "./resume.ts";

type Config = ConstructorParameters<typeof HttpAgent>[0];
type Input = Parameters<HttpAgent["run"]>[0];
type Events = ReturnType<HttpAgent["run"]>;

export type LockstepAgentConfig = Config & {
  /** Connections that may fail one after another before a run counts as lost. Default: 20. */
  readonly attempts?: number;
  /** Milliseconds before the first new attempt; doubled with each, up to 5 s. Default: 250. */
  readonly pause?: number;
};

/**
 * An agent at `<server>/ag-ui/<name>`.
 *
 * `runAgent()` goes on over new connections when one breaks. `connectAgent()` joins what is on in the thread, or shows what
 * was. `abortRun()` stops the run on the server; whoever only wants to leave calls `detachActiveRun()`, and may come back.
 */
export class LockstepAgent extends HttpAgent {
  attempts: number;
  pause: number;
  /** The run that `abortRun()` would stop. */
  private activeRun: { readonly threadId: string; readonly runId: string } | undefined;

  constructor({ attempts = 20, pause = 250, ...config }: LockstepAgentConfig) {
    super(config);
    this.attempts = attempts;
    this.pause = pause;
  }

  override run(input: Input): Events {
    this.activeRun = { threadId: input.threadId, runId: input.runId };
    return this.following(input, (init) => this.fetch(this.url, init));
  }

  protected override connect(input: Input): Events {
    this.activeRun = undefined;
    return this.following(input, async (init) => {
      const { signal } = init;
      const response = await this.fetch(this.threadUrl(input.threadId), this.reading(signal ? { signal } : {}));
      // A thread that nobody has used yet is an empty one.
      return response.status === 404 ? new Response("", { headers: { "content-length": "0" } }) : response;
    });
  }

  /** Stop the run on the server, which then tells every viewer how it ended. Without a server it stops here alone. */
  override abortRun(): void {
    const run = this.activeRun;
    if (run === undefined) {
      super.abortRun();
      return;
    }
    const url = `${this.threadUrl(run.threadId)}/${encodeURIComponent(run.runId)}/cancel`;
    this.fetch(url, { method: "POST", headers: this.headers })
      .then((response) => response.ok || super.abortRun())
      .catch(() => super.abortRun());
  }

  override clone(): LockstepAgent {
    const cloned = super.clone() as LockstepAgent;
    cloned.attempts = this.attempts;
    cloned.pause = this.pause;
    return cloned;
  }

  /** The official pipeline, on an answer that goes on. */
  private following(input: Input, begin: (init: RequestInit) => Promise<Response>): Events {
    const options: ResumeOptions = {
      attempts: this.attempts,
      pause: this.pause,
      onRun: (runId) => {
        this.activeRun = { threadId: input.threadId, runId };
      },
    };
    // The same agent, but for the way in which it fetches: its own requests still go through `fetch`.
    const following: HttpAgent = Object.create(this, {
      fetch: {
        value: (_url: string, init: RequestInit) => {
          const signal = init.signal ?? new AbortController().signal;
          const route = {
            begin: (either: AbortSignal) => begin({ ...init, signal: either }),
            resume: (lastEventId: string, runId: string | undefined, either: AbortSignal) => {
              const query = runId === undefined ? "" : `?run_id=${encodeURIComponent(runId)}`;
              const headers = { "Last-Event-ID": lastEventId };
              return this.fetch(`${this.threadUrl(input.threadId)}${query}`, this.reading({ signal: either }, headers));
            },
          };
          return resuming(route, signal, options);
        },
      },
    });
    return HttpAgent.prototype.run.call(following, input);
  }

  private threadUrl(threadId: string): string {
    return `${this.url}/${encodeURIComponent(threadId)}`;
  }

  private reading(init: RequestInit, headers: Record<string, string> = {}): RequestInit {
    return { ...init, method: "GET", headers: { ...this.headers, Accept: "text/event-stream", ...headers } };
  }
}
