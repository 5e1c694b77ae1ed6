"""`GET /docs/events`: the contract's reference, whole and under its own policy."""

import json
import re
from dataclasses import replace

import httpx
from fastapi import FastAPI
from lockstep_bus import ContractTable
from lockstep_events import CONTRACT
from lockstep_server.door import Door
from lockstep_server.reference import reference_router


def test_the_reference_of_the_contract_is_served(client: httpx.Client) -> None:
    page = client.get("/docs/events")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
    assert set(re.findall(r'<article id="([a-z_0-9]+)"', page.text)) >= set(CONTRACT.event_types)
    assert CONTRACT.digest in page.text


async def test_a_contract_without_one_is_a_404_that_says_so() -> None:
    for package in ("no_such_package", "json"):
        app = FastAPI()
        app.include_router(reference_router(Door(None), ContractTable(replace(CONTRACT, name=package))))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://reference") as client:
            answer = await client.get("/docs/events")
        assert answer.status_code == 404
        assert "lockstep generate" in answer.text


async def test_the_pages_of_its_bases_and_no_others_are_served_beside_it() -> None:
    schema = json.dumps({**CONTRACT.schema, "x-bases": [{"package": "lockstep_events"}]}).encode()
    own = replace(CONTRACT, name="a_team_has_this", load_schema=lambda: schema)
    app = FastAPI()
    app.include_router(reference_router(Door(None), ContractTable(own)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://reference") as client:
        base = await client.get("/docs/events", params={"of": "lockstep_events"})
        other = await client.get("/docs/events", params={"of": "json"})
    assert (base.status_code, CONTRACT.digest in base.text) == (200, True)
    assert (other.status_code, other.text) == (404, "No contract that is served here has to do with 'json'.\n")
