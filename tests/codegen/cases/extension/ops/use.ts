import { type AgentEvent as Acme, createDispatcher as createAcme } from "@acme/events";
import {
  contract,
  createDispatcher,
  type EventOf,
  isAlertRaisedEvent,
  isDeploymentRequestedEvent,
  isRunStartedEvent,
  matchEvent,
  type OpsEvent,
  type OwnEvent,
  parseEvent,
} from "@ops/events";
import { codec } from "@ops/events/ag-ui";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertType<A, B>(_same: Same<A, B>): void {}

const sent: OpsEvent[] = [];
const run = createDispatcher((event) => void sent.push(event)).session("s1", { run_id: "r1" });
const target = { service: "billing", environment: "production" } as const;
run.runStarted({});
createAcme((event) => void sent.push(event)).deploymentRequested({ session_id: "s1", targets: [target] });
run.deploymentFinished({ ending: { kind: "deployed" } });
run.alertRaised({ target, severity: "high", tenant: "t1" });
const seen = sent.map((event) => {
  const parsed = parseEvent(JSON.stringify(event), { strict: true });
  if (isAlertRaisedEvent(parsed)) assertType<typeof parsed.payload.severity, "low" | "high">(true);
  if (isDeploymentRequestedEvent(parsed)) return parsed.payload.targets[0]?.service;
  if (isRunStartedEvent(parsed)) return parsed.run_id;
  if (codec.fromAgUi(codec.toAgUi(parsed), { session_id: "s1", run_id: "r1" }).type !== parsed.type) throw new Error(parsed.type);
  return matchEvent(parsed, { alert_raised: (alert) => alert.tenant }, (other) => other.type);
});
assertType<OwnEvent, EventOf<"alert_raised">>(true);
assertType<Exclude<OpsEvent, OwnEvent>, Acme>(true);
console.log(JSON.stringify(seen), contract.eventTypes.length, contract.eventTypes.at(-1));
