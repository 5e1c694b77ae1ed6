import {
  type AgentEvent,
  type Contract,
  contract,
  createDispatcher,
  type EventOf,
  type EventType,
  InvalidEventError,
  isDeploymentRequestedEvent,
  isRunStartedEvent,
  isUnknownEvent,
  matchEvent,
  type OwnEvent,
  type ParsedEvent,
  parseEvent,
  readEvent,
  type UnknownEvent,
} from "@acme/events";
import { codec } from "@acme/events/ag-ui";
import type { AgentEvent as Ours } from "@agui-lockstep/events";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertType<A, B>(_same: Same<A, B>): void {}

const sent: AgentEvent[] = [];
const dispatcher = createDispatcher((event) => {
  sent.push(event);
  return event;
});
const run = dispatcher.session("s1", { run_id: "r1" });
const target = { service: "billing", environment: "production" } as const;
run.runStarted({});
const made = run.deploymentRequested({ targets: [target] });
assertType<typeof made, AgentEvent>(true);
run.agentMessageDelta({ message_id: "m1", delta: "Deploying" });
run.deploymentFinished({ ending: { kind: "deployed", took_ms: 7 } });
dispatcher.session("s2").session("s1").deploymentFinished({ run_id: "r2", ending: { kind: "deployed" } });

const seen: string[] = [];
for (const event of sent) {
  const parsed = parseEvent(JSON.stringify(event));
  assertType<typeof parsed, ParsedEvent>(true);
  if (isUnknownEvent(parsed)) {
    assertType<typeof parsed, UnknownEvent>(true);
    continue;
  }
  assertType<typeof parsed, AgentEvent>(true);
  if (isDeploymentRequestedEvent(parsed)) {
    assertType<(typeof parsed.payload.targets)[0]["environment"], "staging" | "production">(true);
  } else if (isRunStartedEvent(parsed)) {
    assertType<typeof parsed, EventOf<"run_started">>(true);
  } else {
    assertType<typeof parsed, Exclude<AgentEvent, EventOf<"run_started" | "deployment_requested">>>(true);
  }
  const told = matchEvent(
    parsed,
    {
      deployment_requested: (each) => each.payload.targets[0]?.service ?? "",
      run_started: (each) => each.run_id,
    },
    (other) => other.type,
  );
  seen.push(told);
  const frame = codec.toAgUi(parsed);
  if (codec.fromAgUi(frame, { session_id: "s1", run_id: "r1" }).type !== parsed.type) throw new Error(parsed.type);
}
assertType<OwnEvent, EventOf<"deployment_requested" | "deployment_finished">>(true);
assertType<Exclude<AgentEvent, OwnEvent>, Ours>(true);
assertType<AgentEvent["type"], EventType>(true);
const whole: Contract<AgentEvent> = contract;
console.log(JSON.stringify(seen), JSON.stringify(codec.toAgUi(made)).includes('"name":"lockstep/deployment_requested"'));
const strange = readEvent({ ...sent[0], type: "run_paused" });
console.log(strange.verdict, whole.eventTypes.length, whole.version);
try {
  parseEvent({ type: "deployment_requested", payload: { targets: [{ service: "x", environment: "moon" }] } });
} catch (error) {
  if (error instanceof InvalidEventError) console.log(error.faults.map((fault) => fault.pointer).join());
}

export function unfinished(event: AgentEvent): void {
  // @ts-expect-error A handler for every type is asked for, and those of the base are missing.
  matchEvent(event, { deployment_requested: () => 1, deployment_finished: () => 2 });
  // @ts-expect-error There is no such environment.
  run.deploymentRequested({ targets: [{ service: "x", environment: "moon" }] });
  // @ts-expect-error No run is bound.
  dispatcher.session("s1").deploymentFinished({ ending: { kind: "deployed" } });
}
