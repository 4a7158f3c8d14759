"""What is refused before any route sees it: changes that another site's page sent, and bodies that are too large.

A change (POST, PUT, PATCH, DELETE) has to come from a page of this very site: the browser says so in `Sec-Fetch-Site`,
an older one in `Origin`. Whoever names neither is refused. A machine that brings a token in `Authorization` is exempt:
no page of another site can make a browser send that. (Fetch Metadata, W3C; OWASP, cross-site request forgery.)
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_BYTES, UPLOAD_BYTES, PHOTO_BYTES = 256 * 1024, 10 * 1024 * 1024, 21 * 1024 * 1024
"""The most that a form or JSON, a form with files, and a form with a photo may weigh."""
PHOTO_PATHS = ("/notes/", "/api/v1/notes/")


class Guard:
    """Lets through what is safe, and changes that come from a page of this site or from a machine."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or answer it."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = limit_of(headers, scope["path"])
        declared = headers.get("content-length", "0")
        if not is_from_here(headers):
            answer = errors.answer(Request(scope), 403, "cross_site", {})
        elif not declared.isdecimal() or int(declared[:18]) > limit:
            answer = errors.answer(Request(scope), 413, "body_too_large", {"limit": limit // 1024})
        else:
            await self.app(scope, _counted(receive, limit), send)
            return
        await answer(scope, receive, send)


def is_machine(headers: Headers) -> bool:
    """Whether somebody brings a token, in place of a cookie."""
    return headers.get("authorization", "").lower().startswith("bearer ")


def is_from_here(headers: Headers) -> bool:
    """Whether a change comes from a page of this site, from the reader's own hand (`none`), or from a machine."""
    if is_machine(headers):
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    return bool(headers.get("host")) and _host(headers.get("origin", "")) == headers["host"].lower()


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def limit_of(headers: Headers, path: str) -> int:
    """Bytes that the body may have."""
    if not headers.get("content-type", "").startswith("multipart/form-data"):
        return FORM_BYTES
    return PHOTO_BYTES if path.startswith(PHOTO_PATHS) else UPLOAD_BYTES


def _counted(receive: Receive, limit: int) -> Receive:
    """The body as it comes, as long as it stays below the limit: one that comes in pieces declares no length."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413)
        return message

    return counted
