"""The one door: `authorize` of a user's application, the shared token, and pages of other sites."""

from collections.abc import Iterator

import httpx
import pytest
from support.server import ServerProcess, lockstep_serve, plain_uvicorn
from support.streams import delta, stream, take

TOKEN = "a-token-for-tests"
EVERY_ROUTE = [
    ("GET", "/events/abc"),
    ("HEAD", "/events/abc"),
    ("POST", "/events/abc"),
    ("GET", "/events/abc/history"),
    ("DELETE", "/events/abc"),
    ("GET", "/sessions"),
    ("GET", "/schema"),
    ("GET", "/metrics"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
]

GUARDED = """\
from fastapi import FastAPI, HTTPException, Request
from lockstep_bus import connect
from lockstep_server import Action, lockstep_router

asked = []


{define} authorize(request: Request, session_id: str | None, action: Action) -> bool:
    asked.append((session_id, action))
    match request.headers.get("x-user"):
        case "alice":
            return session_id is None or session_id == "abc"
        case "mallory":
            raise HTTPException(401, "who are you?", headers={{"WWW-Authenticate": "Custom"}})
    return False


app = FastAPI()
app.include_router(lockstep_router(connect(), authorize=authorize), prefix="/agents")


@app.get("/asked")
def tell() -> list[tuple[str | None, str]]:
    return asked
"""


@pytest.fixture(scope="module", params=["def", "async def"])
def guarded(request: pytest.FixtureRequest) -> Iterator[ServerProcess]:
    with plain_uvicorn(GUARDED.format(define=request.param)) as server:
        yield server


def test_authorize_is_asked_on_every_route(guarded: ServerProcess) -> None:
    with httpx.Client(base_url=guarded.url) as client:
        for method, path in EVERY_ROUTE:
            answer = client.request(method, f"/agents{path}")
            assert answer.status_code == 403, path
            if method != "HEAD":
                assert answer.json()["code"] == "forbidden"
        asked = {tuple(item) for item in client.get("/asked").json()}
    assert asked >= {("abc", "read"), ("abc", "publish"), ("abc", "delete"), (None, "list"), (None, "schema")}
    assert asked >= {(None, "metrics"), (None, "health")}


def test_who_is_let_in_gets_what_is_theirs(guarded: ServerProcess) -> None:
    with httpx.Client(base_url=f"{guarded.url}/agents", headers={"X-User": "alice"}) as client:
        assert client.post("/events/abc", json=delta("x")).status_code == 200
        assert client.post("/events/other", json=delta("x")).status_code == 403
        with stream(client, "abc") as events:
            assert [event.event for event in take(events, 2)] == ["session_stream_started", "agent_message_delta"]
        with client.stream("GET", "/events/other") as response:
            assert response.status_code == 403


def test_an_exception_of_authorize_is_the_answer(guarded: ServerProcess) -> None:
    with httpx.Client(base_url=f"{guarded.url}/agents", headers={"X-User": "mallory"}) as client:
        for method, path in (("GET", "/events/abc"), ("POST", "/events/abc"), ("GET", "/sessions")):
            answer = client.request(method, path)
            assert (answer.status_code, answer.json()["detail"]) == (401, "who are you?")
            assert answer.headers["www-authenticate"] == "Custom"


@pytest.fixture(scope="module")
def locked() -> Iterator[ServerProcess]:
    environment = {"LOCKSTEP_TOKEN": TOKEN, "LOCKSTEP_ALLOWED_ORIGINS": "https://app.example, https://two.example"}
    with lockstep_serve(env=environment) as server:
        yield server


@pytest.mark.parametrize(
    "header", [None, "Bearer wrong", f"Basic {TOKEN}", "Bearer", f"Bearer {TOKEN}x", "Bearer \xff"]
)
def test_without_the_token_nothing_opens(locked: ServerProcess, header: str | None) -> None:
    headers = {b"Authorization": header.encode("latin-1")} if header else {}
    with httpx.Client(base_url=locked.url) as client:
        for method, path in EVERY_ROUTE:
            answer = client.request(method, path, headers=headers)
            if "/health/" in path:
                assert answer.status_code == 200, "an orchestrator has no token"
            else:
                assert answer.status_code == 401, path
                assert answer.headers["www-authenticate"] == "Bearer"


def test_the_token_opens_everything(locked: ServerProcess) -> None:
    with httpx.Client(base_url=locked.url, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        assert client.post("/events/abc", json=delta("x")).status_code == 200
        assert client.get("/sessions").status_code == 200
        with stream(client, "abc") as events:
            take(events, 2)


def test_the_page_turns_the_token_into_a_cookie(locked: ServerProcess) -> None:
    """EventSource sends no headers, so the page needs another way in, and not one that stays in the address bar."""
    with httpx.Client(base_url=locked.url) as client:
        refused = client.get("/")
        assert refused.status_code == 401
        assert "?token=" in refused.json()["detail"]
        redirect = client.get("/", params={"token": TOKEN, "session": "abc"})
        assert (redirect.status_code, redirect.headers["location"]) == (303, f"{locked.url}/?session=abc")
        cookie = redirect.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert TOKEN not in cookie
        assert client.get("/").status_code == 200
        with stream(client, "abc") as events:
            take(events, 1)


def test_other_sites_read_only_when_they_are_named(locked: ServerProcess) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=locked.url, headers=headers) as client:
        for origin, allowed in (("https://app.example", True), ("https://evil.example", False), ("null", False)):
            for path in ("/sessions", "/events/abc"):
                with client.stream("GET", path, headers={"Origin": origin}) as answer:
                    expected = origin if allowed else None
                    assert answer.headers.get("access-control-allow-origin") == expected
        preflight = client.options(
            "/events/abc",
            headers={
                "Origin": "https://app.example",
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "last-event-id, authorization",
            },
        )
        assert preflight.status_code == 200
        assert "Last-Event-ID" in preflight.headers["access-control-allow-headers"]
