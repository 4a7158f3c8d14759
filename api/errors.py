"""One shape for everything that goes wrong: a status, a code, a sentence and facts; JSON under /api, else a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from api import headers
from api.deps import language_of
from api.pages.render import render
from api.speak import fields, web
from api.speak.language import Language
from registry import clock
from registry.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    RegistryError,
    WorkbookRefused,
)
from registry.privacy.access_log import note_denied

STATUS: tuple[tuple[type[RegistryError], int], ...] = (
    (NotFound, 404),
    (Refused, 422),
    (WorkbookRefused, 422),
    (Conflict, 409),
    (NotSignedIn, 401),
    (NotAllowed, 403),
)
"""What is none of these is our fault: 500."""


class ErrorFacts(BaseModel):
    """What went wrong."""

    code: str
    message: str
    facts: dict[str, Any]


class ErrorBody(BaseModel):
    """The body of every answer that is not the one asked for."""

    error: ErrorFacts

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "error": {
                    "code": "week_without_draft",
                    "message": "the week of 2026-07-20 has no finished roster yet. "
                    "Run qingzai roster make --week 2026-07-20 first",
                    "facts": {"week": "2026-07-20"},
                }
            }
        }
    )


def install(app: FastAPI) -> None:
    """Answer every failure in the one shape."""
    app.add_exception_handler(RegistryError, _registry)
    app.add_exception_handler(RequestValidationError, _input)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(Exception, _crash)


def answer(request: Request, status: int, code: str, facts: Mapping[str, object]) -> Response:
    """The one shape, as JSON or as a page, in the reader's language."""
    language = language_of(request)
    message = web.refusal(code, facts, language)
    if request.url.path.startswith("/api/"):
        plain = jsonable_encoder(facts, custom_encoder={float: str})
        return JSONResponse({"error": {"code": code, "message": message, "facts": plain}}, status)
    title = web.title(status, language)
    return render(
        request, "error.html", status=status, title=title, message=message, code=code, facts=facts,
        sign_in=sign_in_address(request),
    )  # fmt: skip


def _registry(request: Request, error: Exception) -> Response:
    error = cast(RegistryError, error)
    if error.denied is not None:
        with request.app.state.changes() as session:
            note_denied(session, error.denied, request.client.host if request.client else "")
    if isinstance(error, NotSignedIn) and not request.url.path.startswith("/api/"):
        return RedirectResponse(sign_in_address(request), 303)
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
    return answer(request, status, error.code, {**error.facts, **field_sentences(error, language_of(request))})


def field_sentences(error: RegistryError, language: Language) -> dict[str, object]:
    """What is wrong with each field, as the fact `problems`: where, a code, a sentence."""
    if not isinstance(error, Invalid):
        return {}
    told = [
        {"field": p.field, "code": p.code, "message": fields.sentence(p.code, p.facts, language)}
        for p in error.problems
    ]
    return {"problems": told}


def sign_in_address(request: Request) -> str:
    """Where to sign in, and to come back from to the page that was asked for. A form's answer is not asked again."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/sign-in?{urlencode({'next': asked if request.method == 'GET' else '/me'})}"


def _input(request: Request, error: Exception) -> Response:
    wrong, language = cast(RequestValidationError, error).errors(), language_of(request)
    places = [
        web.wrong_input(e["type"], ".".join(map(str, e["loc"])), e.get("ctx", {}), e["msg"], language) for e in wrong
    ]
    return answer(request, 422, "input_malformed", {"n": len(wrong), "places": places})


def _http(request: Request, error: Exception) -> Response:
    status = cast(HTTPException, error).status_code
    if status == 400:  # A body that is neither text nor JSON; everything else that is wrong in one is a 422 as well.
        return answer(request, 422, "body_unreadable", {})
    if status == 405:
        return answer(request, 405, "method_not_allowed", {"method": request.method})
    if status == 413:
        return answer(request, 413, "body_too_large", {"limit": None})
    if status == 400:
        return answer(request, 400, "body_malformed", {})
    return answer(request, status, "page_unknown", {"path": request.url.path[:200]})


def _database(request: Request, error: Exception) -> Response:
    """Nothing of the database's own message: it may hold data."""
    return answer(request, 503, "database_unready", {})


def _crash(request: Request, error: Exception) -> Response:
    """What nobody expected. The server logs it with its trace; the reader gets the time to tell it by."""
    response = answer(request, 500, "crashed", {"at": clock.now().isoformat(timespec="seconds")})
    headers.add(response.headers, request.url.path)  # This answer goes out past the middleware that adds them.
    return response
