export { eventMaker, type MakeEvent, type TestEnvelope } from "./event.ts";
export { type ScriptedRequest, ScriptedServer } from "./scripted-server.ts";
