"""The obvious design, as a peer: one Pub/Sub connection per viewer, JSON decoded and encoded per viewer and event."""

import json
import os
from collections.abc import AsyncIterator
from typing import Any

import redis.asyncio as redis
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()
connection: Any = redis.from_url(
    os.environ["REDIS_URL"], encoding="utf-8", decode_responses=True, max_connections=100_000
)


@app.get("/events/{session_id}")
async def events(session_id: str) -> StreamingResponse:
    """Everything published on the session's channel from now on."""

    async def stream() -> AsyncIterator[str]:
        subscription = connection.pubsub()
        await subscription.subscribe(f"session:{session_id}")
        try:
            yield "event: session_stream_started\ndata: {}\n\n"
            async for message in subscription.listen():
                if message["type"] == "message":
                    event = json.loads(message["data"])
                    yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
        finally:
            await subscription.reset()

    return StreamingResponse(stream(), media_type="text/event-stream")
