"""The board: the district's sites and what they lack, a site's grid, and every change by a form without scripts."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.access import SignedIn
from api.deps import Boards, DbSession, Monday, Speech
from api.pages.office_rounds import Entries
from api.pages.reading import go, number
from api.pages.render import render
from api.speak.web import refusal
from registry.accounts.permissions import Actor
from registry.board import desk
from registry.board.edits import edit, undo
from registry.board.steps import Wanted
from registry.engine.boards import write_entry
from registry.errors import Conflict, Refused

router = APIRouter(prefix="/board/{week}", include_in_schema=False)

FIELDS = ("entry", "other", "to")


@router.get("")
def overview(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:  # fmt: skip
    """The sites, those that lack most first; who is not used; what was done last."""
    view = desk.see_board(session, boards, actor, week)
    return render(request, "board/overview.html", view=view, week=week, q=q, unused=desk.see_unused(view, q))


@router.post("")
def begin(session: DbSession, actor: SignedIn, week: Monday) -> Response:
    """Open it."""
    desk.begin_board(session, actor, week)
    return go(f"/board/{week}")


@router.get("/sites/{site}")
def one_site(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, site: str
) -> Response:
    """The grid of a site."""
    return _site(request, session, boards, actor, week, site)


@router.get("/sites/{site}/cells/{class_run}/{segment}")
def one_cell(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, site: str, class_run: str,
    segment: str,
) -> Response:  # fmt: skip
    """Who can fill a place: the free ranked, the others with the rules against them."""
    view = desk.see_board(session, boards, actor, week)
    people = desk.see_people(view, actor, class_run, segment)
    facts: dict[str, Any] = {"site": site, "class_run": class_run, "segment": segment, "people": people}
    return render(request, "board/people.html", view=view, week=week, **facts)


@router.post("/sites/{site}/edits")
def change(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech, site: str,
    entries: Entries,
) -> Response:  # fmt: skip
    """Move, swap, add, remove, pin, unpin. What is refused is said above the grid, with a field for the reason."""
    try:
        wanted = _wanted(entries)
        edit(session, boards, actor, week, wanted, seen=number(entries.get("revision", "")) or 0,
             reason=entries.get("reason", ""))  # fmt: skip
    except (Refused, Conflict) as error:
        said = refusal(error.code, error.facts, language)
        asks = error.code == "reason_needed"
        return _site(request, session, boards, actor, week, site, said=said, asked=entries if asks else None)
    return go(f"/board/{week}/sites/{site}")


@router.post("/sites/{site}/undo")
def take_back(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech, site: str
) -> Response:
    """Take back one's own newest change."""
    try:
        undo(session, boards, actor, week)
    except (Refused, Conflict) as error:
        return _site(request, session, boards, actor, week, site, said=refusal(error.code, error.facts, language))
    return go(f"/board/{week}/sites/{site}")


def _wanted(entries: dict[str, str]) -> Wanted:
    """The change of a form, whose entries are JSON texts."""
    read: dict[str, Any] = {}
    for name in FIELDS:
        try:
            read[name] = json.loads(entries.get(name) or "null")
        except json.JSONDecodeError:
            read[name] = ""
    if not isinstance(read["entry"], dict) or not isinstance(read["to"] or {}, dict):
        raise Refused("entry_malformed", place="entry")
    return Wanted(entries.get("kind", ""), read["entry"], read["to"] or {}, read["other"])


def _site(
    request: Request, session: DbSession, boards: Boards, actor: Actor, week: Monday, site: str, *,
    said: str | None = None, asked: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    view = desk.see_board(session, boards, actor, week)
    facts: dict[str, Any] = {"site": site, "lines": desk.see_site(view, actor, site), "said": said, "asked": asked}
    status = 200 if said is None else 422
    return render(request, "board/site.html", status=status, view=view, week=week, entry_json=_entry_json, **facts)


def _entry_json(entry: Any) -> str:
    return json.dumps(write_entry(entry), ensure_ascii=False)
