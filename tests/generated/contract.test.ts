import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type AgentEvent,
  contract,
  createDispatcher,
  EVENT_TYPES,
  type EventOf,
  type EventType,
  encodeEvent,
  InvalidEventError,
  isToolCallStartedEvent,
  isUnknownEvent,
  matchEvent,
  type ParsedEvent,
  parseEvent,
  readEvent,
  SCHEMA_DIGEST,
  SCHEMA_VERSION,
  type ToolCallStartedEvent,
  type UnknownEvent,
} from "../../generated/typescript/src/index.ts";

const GOLDEN = join(import.meta.dirname, "../golden/events");
const golden = readdirSync(GOLDEN).map((file) => [file, readFileSync(join(GOLDEN, file), "utf8")] as const);

const call = {
  event_id: "0199a000-0000-7000-8000-000000000001",
  session_id: "abc",
  timestamp: "2026-11-23T10:00:00.000Z",
  type: "tool_call_started",
  payload: { tool_call_id: "tc_1", tool_name: "docker_list_containers", args: { status: "running" } },
} satisfies ToolCallStartedEvent;
const later = { ...call, type: "deployment_requested", extra: [1e300] };

describe("golden events", () => {
  test.each(golden)("%s parses, encodes and equals itself", (_file, text) => {
    const event = parseEvent(text, { strict: true });
    expect(JSON.parse(encodeEvent(event))).toEqual(JSON.parse(text));
    expect(parseEvent(JSON.parse(text))).toEqual(event);
    expect(parseEvent(new TextEncoder().encode(text))).toEqual(event);
  });

  test("there is one for every type", () => {
    const types = golden.map(([, text]) => parseEvent(text).type);
    expect([...new Set(types)].sort()).toEqual([...EVENT_TYPES].sort());
  });
});

describe("parseEvent", () => {
  test("answers an unknown type with the event as it came, unless it is strict", () => {
    const event = parseEvent(later);
    expect(isUnknownEvent(event)).toBe(true);
    expect(event).toEqual(later);
    expect(() => parseEvent(later, { strict: true })).toThrow(
      'invalid event: /type: "deployment_requested" is not one of "session_stream_started"',
    );
  });

  test("removes members that it does not know, and says which", () => {
    const text = JSON.stringify({ ...call, new_member: 1, payload: { ...call.payload, another: {} } });
    expect(parseEvent(text)).toEqual(call);
    expect(readEvent(text)).toMatchObject({ verdict: "known", ignored: ["/new_member", "/payload/another"] });
    expect(() => parseEvent(text, { strict: true })).toThrow("invalid tool_call_started event: 2 faults");
  });

  test("leaves the value that it is given as it is", () => {
    const value = { ...call, new_member: 1 };
    expect(parseEvent(value)).toEqual(call);
    expect(value).toHaveProperty("new_member");
  });

  test("tells every fault, its place and the nearest name", () => {
    const text = JSON.stringify({ ...call, payload: { tool_call_id: null, toolName: "x" }, type: "tool_call_started" });
    try {
      parseEvent(text, { strict: true });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidEventError);
      expect((error as InvalidEventError).faults).toEqual([
        {
          pointer: "/payload/toolName",
          code: "extra",
          message: '"toolName" is not a member here; did you mean "tool_name"?',
        },
        {
          pointer: "/payload/tool_call_id",
          code: "type",
          message: "null is not a string; leave the member out instead",
        },
        { pointer: "/payload/tool_name", code: "missing", message: '"tool_name" is missing; expected a string' },
      ]);
    }
  });
});

test("the contract says what it is", () => {
  expect(contract).toMatchObject({ version: SCHEMA_VERSION, digest: SCHEMA_DIGEST, eventTypes: EVENT_TYPES });
  expect(SCHEMA_DIGEST).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(contract.encode(contract.parse(call))).toBe(JSON.stringify(call));
  expectTypeOf(contract.parse).returns.toEqualTypeOf<ParsedEvent>();
});

describe("guards", () => {
  test("narrow the union and leave the rest", () => {
    const event = parseEvent(call);
    expect(isToolCallStartedEvent(event)).toBe(true);
    if (isToolCallStartedEvent(event)) expectTypeOf(event).toEqualTypeOf<ToolCallStartedEvent>();
    else expectTypeOf(event).toEqualTypeOf<Exclude<AgentEvent, ToolCallStartedEvent> | UnknownEvent>();
    if (isUnknownEvent(event)) expectTypeOf(event).toEqualTypeOf<UnknownEvent>();
    else expectTypeOf(event).toEqualTypeOf<AgentEvent>();
  });

  test("a comparison with a known type rules out unknown events", () => {
    const event = parseEvent(call);
    if (event.type === "tool_call_started") expectTypeOf(event).toEqualTypeOf<ToolCallStartedEvent>();
    expectTypeOf<EventOf<"tool_call_started">>().toEqualTypeOf<ToolCallStartedEvent>();
    expectTypeOf<AgentEvent["type"]>().toEqualTypeOf<EventType>();
    expectTypeOf<EventOf<EventType>>().toEqualTypeOf<AgentEvent>();
    // @ts-expect-error there is no such type
    expectTypeOf<EventOf<"tool_call_start">>();
    // @ts-expect-error what was received is not changed
    if (isToolCallStartedEvent(event)) event.payload.tool_name = "other";
  });
});

describe("matchEvent", () => {
  test("takes some handlers and a default", () => {
    const name = (event: ParsedEvent) =>
      matchEvent(event, { tool_call_started: (event) => event.payload.tool_name }, (event) => `other: ${event.type}`);
    expect(name(parseEvent(call))).toBe("docker_list_containers");
    expect(name(parseEvent(later))).toBe("other: deployment_requested");
    expect(name(parseEvent({ ...later, type: "constructor" }))).toBe("other: constructor");
  });

  test("does not compile when a type or the default is missing", () => {
    const event = parseEvent(call);
    // @ts-expect-error no handler for the other types, and no default
    expect(() => matchEvent(parseEvent(later), { tool_call_started: () => 1 })).toThrow("deployment_requested");
    // @ts-expect-error no such type
    expect(matchEvent(event, { tool_call_start: () => 1 }, () => 2)).toBe(2);
    // @ts-expect-error no such field
    expect(matchEvent(event, { tool_call_started: (event) => event.payload.tool }, () => 2)).toBe(undefined);
  });

  test("with a handler for every type, unknown events need one, too", () => {
    const all = Object.fromEntries(EVENT_TYPES.map((type) => [type, () => type])) as {
      [Type in EventType]: () => string;
    };
    expect(matchEvent(parseEvent(call, { strict: true }), all)).toBe("tool_call_started");
    expect(matchEvent(parseEvent(later), { ...all, unknown: (event) => `unknown ${event.type}` })).toBe(
      "unknown deployment_requested",
    );
    // @ts-expect-error the event may be unknown
    expect(matchEvent(parseEvent(call), all)).toBe("tool_call_started");
  });
});

describe("createDispatcher", () => {
  const published: AgentEvent[] = [];
  const dispatcher = createDispatcher(async (event) => published.push(event));

  test("makes, stamps and publishes one event a call", async () => {
    expectTypeOf(dispatcher.toolCallStarted).returns.toEqualTypeOf<Promise<number>>();
    await dispatcher.toolCallStarted({
      session_id: "abc",
      tool_call_id: "tc_1",
      tool_name: "docker_list_containers",
      args: { status: "running" },
      agent: "infrastructure_monitor",
    });
    const event = published.at(-1) as AgentEvent;
    expect(event).toMatchObject({
      ...call,
      agent: "infrastructure_monitor",
      event_id: event.event_id,
      timestamp: event.timestamp,
    });
    expect(Math.abs(Date.parse(event.timestamp) - Date.now())).toBeLessThan(60_000);
    expect(parseEvent(encodeEvent(event), { strict: true })).toEqual(event);
  });

  test("keeps an identity and a time that are given", () => {
    const { event_id, session_id, timestamp, payload } = call;
    const make = createDispatcher((event) => event);
    expect(make.toolCallStarted({ event_id, session_id, timestamp, ...payload })).toEqual(call);
  });

  test("bound to a session, needs less and fills in what the event has", () => {
    const session = createDispatcher((event) => event).session("abc", {
      agent: "infrastructure_monitor",
      run_id: "r1",
    });
    expect(session.runStarted({})).toMatchObject({ session_id: "abc", run_id: "r1", payload: {} });
    expect(session.runStarted({ run_id: "r2" }).run_id).toBe("r2");
    expect(session.toolCallStarted({ tool_call_id: "1", tool_name: "x" }).agent).toBe("infrastructure_monitor");
    const deeper = session.session("def", { subagent_run_id: "s1" });
    expect(deeper.toolCallStarted({ tool_call_id: "1", tool_name: "x" })).toMatchObject({
      session_id: "def",
      run_id: "r1",
      subagent_run_id: "s1",
    });
    expect(deeper.runStarted({})).not.toHaveProperty("subagent_run_id");
  });

  test("publishes nothing that the schema refuses", () => {
    const before = published.length;
    expect(() => dispatcher.toolCallStarted({ session_id: "a b", tool_call_id: "1", tool_name: "x" })).toThrow(
      'invalid tool_call_started event: /session_id: "a b" is not a string matching',
    );
    expect(published).toHaveLength(before);
  });

  test("a slip does not compile, and is refused", () => {
    const fields = { session_id: "abc", tool_call_id: "1", tool_name: "x" };
    // @ts-expect-error no such field
    expect(() => dispatcher.toolCallStarted({ ...fields, tool_nam: "x" })).toThrow("tool_nam");
    // @ts-expect-error tool_name is missing
    expect(() => dispatcher.toolCallStarted({ session_id: "abc", tool_call_id: "1" })).toThrow("tool_name");
    // @ts-expect-error the session is missing
    expect(() => dispatcher.toolCallStarted({ tool_call_id: "1", tool_name: "x" })).toThrow("session_id");
    // @ts-expect-error a number is no name
    expect(() => dispatcher.toolCallStarted({ ...fields, tool_name: 3 })).toThrow("3 is not a string");
    // @ts-expect-error the run is not bound
    expect(() => dispatcher.session("abc").runStarted({})).toThrow("run_id");
    // @ts-expect-error optional means absent, never null
    expect(() => dispatcher.toolCallStarted({ ...fields, args: null })).toThrow("leave the member out");
    // @ts-expect-error no such event
    expect(() => dispatcher.toolCallStart(fields)).toThrow(TypeError);
    // @ts-expect-error nothing of that name can be bound
    dispatcher.session("abc", { agnt: "x" });
  });

  test("a field that is undefined is absent", () => {
    const make = createDispatcher((event) => event);
    const fields = { session_id: "abc", tool_call_id: "1", tool_name: "x", agent: undefined, args: undefined };
    // @ts-expect-error under exactOptionalPropertyTypes; code without that flag compiles, and works
    const event = make.toolCallStarted(fields);
    expect(event).not.toHaveProperty("agent");
    expect(event.payload).not.toHaveProperty("args");
  });
});
