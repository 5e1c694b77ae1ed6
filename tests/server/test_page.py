"""`GET /`: a page under a strict policy, whose files are all here."""

import re
from importlib.resources import files

import httpx


def test_the_page_and_its_files_are_served(client: httpx.Client) -> None:
    page = client.get("/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    references = re.findall(r'(?:src|href)="([^":]+)"', page.text)
    assert references
    for reference in references:
        answer = client.get("/" + reference.lstrip("./"))
        assert answer.status_code == 200, reference
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_plain_page_runs_no_inline_code() -> None:
    page = files("lockstep_server").joinpath("static", "page.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bon[a-z]+=|<style|\bstyle=", page)
    code = files("lockstep_server").joinpath("static", "page.js").read_text(encoding="utf-8")
    assert "innerHTML" not in code


def test_other_files_are_not_served(client: httpx.Client) -> None:
    for name in ("page.html", "..%2fapp.py", "%2e%2e/app.py", "nothing.js"):
        assert client.get(f"/static/{name}").status_code == 404
