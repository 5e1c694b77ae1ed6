"""An application with agents for the tests of AG-UI over HTTP; `uvicorn support.ag_ui_app:app`."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from lockstep_bus import connect
from lockstep_server import lockstep_router
from lockstep_server.ag_ui import ag_ui_router
from lockstep_server.ag_ui_agents import AgentRegistry
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse

starts: list[str] = []


async def talk(body: dict[str, Any]) -> AsyncIterator[Any]:
    """Says `words` words, one every `pause` seconds, into a message, a step, a tool call and the state."""
    starts.append(body["runId"])
    wish = body.get("forwardedProps", {})
    run, pause = body["runId"], wish.get("pause", 0.02)
    yield {"type": "RUN_STARTED", "threadId": body["threadId"], "runId": run}
    yield {"type": "STEP_STARTED", "stepName": "talk"}
    yield {"type": "TEXT_MESSAGE_START", "messageId": f"{run}-m", "role": "assistant"}
    for number in range(wish.get("words", 5)):
        yield {"type": "TEXT_MESSAGE_CONTENT", "messageId": f"{run}-m", "delta": f"word{number} "}
        await asyncio.sleep(pause)
    yield {"type": "TEXT_MESSAGE_END", "messageId": f"{run}-m"}
    yield {"type": "TOOL_CALL_START", "toolCallId": f"{run}-c", "toolCallName": "look", "parentMessageId": f"{run}-m"}
    yield {"type": "TOOL_CALL_ARGS", "toolCallId": f"{run}-c", "delta": "{}"}
    yield {"type": "TOOL_CALL_END", "toolCallId": f"{run}-c"}
    yield {"type": "TOOL_CALL_RESULT", "messageId": f"{run}-r", "toolCallId": f"{run}-c", "content": "seen"}
    yield {"type": "STATE_SNAPSHOT", "snapshot": {"runs": [run]}}
    yield {"type": "STATE_DELTA", "delta": [{"op": "add", "path": "/runs/-", "value": "more"}]}
    if wish.get("fail"):
        raise RuntimeError("the model is away")
    yield {"type": "STEP_FINISHED", "stepName": "talk"}
    yield {"type": "RUN_FINISHED", "threadId": body["threadId"], "runId": run}


def make_app() -> FastAPI:
    bus, agents = connect(), AgentRegistry({"talk": talk})
    for name in ("html", "500", "cut", "crlf", "gone"):
        agents.add_upstream(name, f"{os.environ.get('UPSTREAM', 'http://127.0.0.1:9')}/upstream/{name}")
    made = FastAPI()
    made.include_router(lockstep_router(bus))
    made.include_router(ag_ui_router(bus, agents, lease_seconds=2.0))
    made.add_api_route("/starts", lambda: starts, methods=["GET"])
    made.add_api_route("/upstream/{name}", misbehave, methods=["POST"])
    return made


async def misbehave(name: str) -> Response:
    """An AG-UI endpoint that is none."""
    line_end = "\r\n" if name == "crlf" else "\n"
    if name == "html":
        return HTMLResponse("<html>sorry")
    if name == "500":
        return PlainTextResponse("boom", 500)

    async def answer() -> AsyncIterator[str]:
        yield f'data: {{"type":"RUN_STARTED","threadId":"x","runId":"y"}}{line_end}{line_end}'
        yield f'data: {{"type":"TEXT_MESSAGE_START","messageId":"m"}}{line_end}{line_end}'
        if name == "crlf":
            yield f'data: {{"type":"TEXT_MESSAGE_END","messageId":"m"}}{line_end}{line_end}'
            yield f'data: {{"type":"RUN_FINISHED","threadId":"x","runId":"y"}}{line_end}{line_end}'

    return StreamingResponse(answer(), media_type="text/event-stream")


app = make_app()
