"""Access by one shared token: in a header, or in a cookie for the page, whose EventSource cannot send headers."""

import hashlib
import hmac
from typing import Final

from fastapi import HTTPException, Request, Response

from lockstep_server.door import Action

COOKIE: Final = "lockstep_token"


class SharedToken:
    """An `authorize` that lets in whoever has the token. Health probes need none."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        # Not the token itself: what leaks out of a browser's cookie jar must not open the API to other programs.
        self._cookie = hmac.digest(self._token, b"lockstep page", hashlib.sha256).hex()

    def __call__(self, request: Request, _: str | None, action: Action) -> bool:
        """Return True, or raise.

        Raises:
            HTTPException: 401, in the same words whatever was wrong.
        """
        if action == "health" or self._bearer(request) or self._cookie_fits(request):
            return True
        detail = "send the header 'Authorization: Bearer <LOCKSTEP_TOKEN>'"
        if action == "page":
            detail = "open this address with ?token=<LOCKSTEP_TOKEN> once"
        raise HTTPException(401, detail, headers={"WWW-Authenticate": "Bearer"})

    def is_token(self, text: str) -> bool:
        """Whether the text is the token; takes as long for every wrong one."""
        return hmac.compare_digest(text.encode(errors="replace"), self._token)

    def remember(self, request: Request, response: Response) -> None:
        """Set the cookie that lets the page in from now on."""
        response.set_cookie(
            COOKIE, self._cookie, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/"
        )

    def _bearer(self, request: Request) -> bool:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self.is_token(value.strip())

    def _cookie_fits(self, request: Request) -> bool:
        return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(errors="replace"), self._cookie.encode())
