"""Pages out of templates, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.deps import LANGUAGE_COOKIE, SESSION_COOKIE, language_of
from api.pages import catalogue
from api.pages.menu import Line, line_at, sections
from api.speak import (
    accounts,
    attendance,
    boards,
    certificates,
    changed,
    enrolment,
    families,
    growth,
    insurance,
    making,
    office,
    privacy,
    purposes,
    repairs,
    substitutes,
    volunteers,
    web,
    weeks,
)
from api.speak.language import command
from registry.enrolment.numbers import shown_number

WEEK_WORDS = (
    "word",
    "weekday",
    "weekdays",
    "day",
    "full_day",
    "moment",
    "hour",
    "grades",
    "gap",
    "cell",
    "level",
    "bound",
)
OTHER_WORDS: dict[str, tuple[ModuleType, str]] = {
    **{name: (accounts, name) for name in ("role", "scope", "device")},
    "refusal": (web, "refusal"),
    "enrolment": (enrolment, "status"),
    "office": (office, "word"),
    "meaning": (enrolment, "means"),
    "event": (enrolment, "event"),
    "when": (enrolment, "moment"),
    "family": (families, "word"),
    "attendance": (attendance, "word"),
    "insurance": (insurance, "word"),
    "certificate": (certificates, "word"),
    "certified": (certificates, "sentence"),
    "issuer": (certificates, "issuer"),
    "plain_day": (certificates, "plain_day"),
    "privacy": (privacy, "word"),
    "reason": (privacy, "reason"),
    "rule": (privacy, "rule"),
    "growth": (growth, "word"),
    "finding": (growth, "finding"),
    "phrase": (growth, "phrase"),
    "board_rule": (boards, "rule_word"),
    "changed": (changed, "sentence"),
    "changed_title": (changed, "title"),
    "failure": (making, "failure"),
    "repair": (repairs, "word"),
    "substitute": (substitutes, "word"),
    "repair_cause": (repairs, "cause"),
    "repair_why": (repairs, "why"),
    "volunteer": (volunteers, "word"),
    "swap": (volunteers, "status"),
    **{name: (purposes, name) for name in ("columns", "seen", "kept")},
}
"""What templates say by `say_NAME`, and the function of `api.speak` behind it."""

ROOT = Path(__file__).parent.parent
YEAR = 365 * 24 * 3600


@cache
def environment() -> Environment:
    """Jinja with every name that templates may use. A name that is missing is an error, not a gap in a page."""
    made = Environment(
        loader=FileSystemLoader(ROOT.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {"clock": weeks.clock, "segment_url": lambda text: quote(str(text), safe="")}
    made.globals |= {"static": static, "command": command, "shown_number": shown_number, **_spoken()}
    return made


def _spoken() -> dict[str, Callable[..., Any]]:
    """The functions of `api.speak` that need a language, with the one that is spoken now."""

    def speaking_now(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *facts: function(*facts, catalogue.current())

    said = {name: (weeks, name) for name in WEEK_WORDS} | OTHER_WORDS
    return {f"say_{name}": speaking_now(getattr(module, own)) for name, (module, own) in said.items()}


def render(request: Request, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page. Whoever asks for a language (`?lang=en`) is answered in it from then on."""
    language = language_of(request)
    with catalogue.speaking(language):
        page = environment().get_template(template)
        frame = {"language": language, "path": request.url.path, "query": _Query(request), "status": status}
        text = page.render(**frame, **reader_of(request), **facts)
    response = HTMLResponse(text, status)
    if is_personal(request):
        response.headers["Cache-Control"] = "no-store"
    if request.query_params.get("lang") == language:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, httponly=True, samesite="lax")
    return response


def reader_of(request: Request) -> dict[str, object]:
    """What the frame of a page says to its reader: who is signed in, as far as this page has asked, and whether
    anybody else could see the same."""
    actor = getattr(request.state, "actor", None)
    is_known = actor is not None or SESSION_COOKIE in request.cookies
    is_open = not is_personal(request) and not request.url.path.startswith("/sign-in")

    def bar() -> dict[str, list[Line]]:
        return sections(request.app, actor) if actor is not None else {}

    frame = {"reader": actor, "is_known": is_known, "is_open": is_open}
    return {**frame, "sections": bar, "section_line": line_at(request.url.path)}


def is_personal(request: Request) -> bool:
    """Whether the page is for somebody who is signed in, so that it must not stay in a browser that others use."""
    return bool(getattr(request.state, "is_personal", False))


class _Query:
    """The query of a page, to make links to the same page that differ in one thing."""

    def __init__(self, request: Request) -> None:
        self._pairs = dict(request.query_params)

    def but(self, **changes: object) -> str:
        """The same query with changes; None or an empty text takes a name away."""
        pairs = {**self._pairs, **{name: str(value) for name, value in changes.items() if value not in (None, "")}}
        kept = {name: value for name, value in pairs.items() if changes.get(name, value) not in (None, "")}
        return f"?{urlencode(kept)}" if kept else "?"


@cache
def static(name: str) -> str:
    """The address of a static file, which changes with its content."""
    digest = sha256((ROOT / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
