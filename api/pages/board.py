"""The board: the district's sites and what they lack, a site's grid, and every change by a form without scripts."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.access import SignedIn
from api.deps import Boards, DbSession, Monday, Speech
from api.pages.board_words import words_for
from api.pages.office_rounds import Entries
from api.pages.reading import go, number
from api.pages.render import render
from api.speak.language import Language
from api.speak.web import refusal
from registry.accounts.permissions import Actor
from registry.board import desk
from registry.board.notices import news_of
from registry.board.places import VIEWS
from registry.board.steps import Wanted
from registry.errors import Conflict, Refused
from registry.repairs.reported import waiting_for_repair

router = APIRouter(prefix="/board/{week}", include_in_schema=False)

FIELDS = ("entry", "other", "to", "gone", "come")
By = Annotated[str, Query(max_length=20)]
Day = Annotated[int, Query(ge=0, le=7)]


@router.get("")
def overview(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:  # fmt: skip
    """The sites by day, those that lack most first; conflicts, costs, who is not used, what was done last."""
    view = desk.see_board(session, boards, actor, week)
    facts: dict[str, Any] = {
        "view": view,
        "week": week,
        "q": q,
        "unused": desk.see_unused(view, q),
        "back": f"/board/{week}",
        "underneath": news_of(session, actor, view.board, boards),
        "absent": waiting_for_repair(session, actor, week),
    }
    return render(request, "board/overview.html", say=words_for(view, language), **facts)


@router.post("")
def begin(session: DbSession, actor: SignedIn, week: Monday) -> Response:
    """Open it."""
    desk.begin_board(session, actor, week)
    return go(f"/board/{week}")


@router.get("/sites/{site}")
def one_site(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech, site: str,
    by: By = "class", day: Day = 0,
) -> Response:  # fmt: skip
    """The grid of a site, by class, volunteer, course or room."""
    return _site(request, session, boards, actor, week, language, site, by=by, day=day)


@router.post("/sites/{site}/edits")
def change(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech, site: str,
    entries: Entries,
) -> Response:  # fmt: skip
    """Move, swap, add, remove, pin, unpin. What is refused is said above the grid, with a field for the reason."""
    try:
        wanted = _wanted(entries)
        desk.change(session, boards, actor, week, wanted, seen=number(entries.get("revision", "")) or 0,
                    reason=entries.get("reason", ""), let_stand="let_stand" in entries,
                    in_trial="trial" in entries)  # fmt: skip
    except (Refused, Conflict) as error:
        said = refusal(error.code, error.facts, language)
        asked = entries if error.code in ("reason_needed", "conflict_stands") else None
        shown: dict[str, Any] = {"said": said, "asked": asked, "code": error.code}
        return _site(request, session, boards, actor, week, language, site, **_arranged(entries), **shown)
    return go(_address(week, site, entries))


@router.post("/sites/{site}/undo")
def take_back(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech, site: str,
    entries: Entries,
) -> Response:  # fmt: skip
    """Take back one's own newest change."""
    try:
        desk.take_back(session, boards, actor, week)
    except (Refused, Conflict) as error:
        said = refusal(error.code, error.facts, language)
        return _site(request, session, boards, actor, week, language, site, **_arranged(entries), said=said)
    return go(_address(week, site, entries))


def _arranged(entries: dict[str, str]) -> dict[str, Any]:
    by = entries.get("by", "")
    return {"by": by if by in VIEWS else "class", "day": number(entries.get("day", "")) or 0}


def _address(week: Monday, site: str, entries: dict[str, str]) -> str:
    arranged = _arranged(entries)
    day = f"&day={arranged['day']}" if arranged["day"] else ""
    return f"/board/{week}/sites/{site}?by={arranged['by']}{day}"


def _wanted(entries: dict[str, str]) -> Wanted:
    """The change of a form, whose entries are JSON texts."""
    read = {name: json_in(entries.get(name, "")) for name in FIELDS}
    if not isinstance(read["entry"] or {}, dict) or not isinstance(read["to"] or {}, dict):
        raise Refused("entry_malformed", place="entry")
    gone, come = (read[name] if isinstance(read[name], list) else () for name in ("gone", "come"))
    return Wanted(entries.get("kind", ""), read["entry"] or {}, read["to"] or {}, read["other"], (*gone,), (*come,))


def json_in(text: str) -> Any:
    """What a JSON text holds, None where it is empty, an empty text where it is none."""
    try:
        return json.loads(text or "null")
    except (json.JSONDecodeError, RecursionError):
        return ""


def _site(
    request: Request, session: DbSession, boards: Boards, actor: Actor, week: Monday, language: Language, site: str, *,
    by: str, day: int, said: str | None = None, asked: dict[str, str] | None = None, code: str = "",
) -> Response:  # fmt: skip
    view = desk.see_board(session, boards, actor, week)
    facts: dict[str, Any] = {
        "site": site, "sheet": desk.see_sheet(view, site, by, day), "tray": desk.see_tray(view, site), "day": day,
        "todo": desk.see_gaps(view, site), "said": said, "asked": asked, "code": code, "by": by,
    }  # fmt: skip
    status, say = 200 if said is None else 422, words_for(view, language)
    return render(request, "board/site.html", status=status, view=view, week=week, say=say, **facts)
