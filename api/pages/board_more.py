"""Beside the grid of the board: where something could go, who can fill a place, what-if, the history."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.access import SignedIn
from api.deps import Boards, DbSession, Monday, Speech
from api.pages.board import By, json_in
from api.pages.board_words import words_for
from api.pages.office_rounds import Entries
from api.pages.reading import go, number
from api.pages.render import render
from api.speak.answers import told
from api.speak.web import refusal
from registry.board import desk, trials
from registry.board.fixes import see_fixes
from registry.board.places import reached
from registry.errors import Conflict, Refused

router = APIRouter(prefix="/board/{week}", include_in_schema=False)


@router.get("/sites/{site}/moves")
def moves(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech, site: str,
    entry: Annotated[str, Query(max_length=1000)] = "", by: By = "class",
    to: Annotated[str, Query(max_length=100)] = "",
) -> Response:  # fmt: skip
    """The menu of a piece, or of somebody in the tray: where they could go, with what would come of it."""
    view = desk.see_board(session, boards, actor, week)
    source = json_in(entry)
    found = desk.see_places(view, to or site, source, by)
    facts: dict[str, Any] = {
        "site": site, "to": to or site, "by": by, "entry": entry, "source": source, "places": found,
        "piece": desk.see_piece(view, source), "placed": {p.zone: reached(view.position, p.wanted) for p in found},
    }  # fmt: skip
    return render(request, "board/moves.html", view=view, week=week, say=words_for(view, language), **facts)


@router.get("/sites/{site}/cells/{class_run}/{segment}")
def one_cell(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech, site: str,
    class_run: str, segment: str, by: By = "class",
) -> Response:  # fmt: skip
    """Who can fill a place, a segment's or a slot's: the free ranked, the others with the rules against them."""
    view = desk.see_board(session, boards, actor, week)
    people = desk.see_people(view, class_run, segment)
    facts: dict[str, Any] = {
        "site": site, "class_run": class_run, "segment": segment, "people": people, "by": by,
        "there": desk.see_lesson(view, class_run, segment),
    }  # fmt: skip
    return render(request, "board/people.html", view=view, week=week, say=words_for(view, language), **facts)


@router.get("/sites/{site}/cells/{class_run}/{segment}/fix")
def cheapest_fix(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech, site: str,
    class_run: str, segment: str, by: By = "class",
) -> Response:  # fmt: skip
    """What would fill a place most cheaply: each way found and checked with the solver's own model."""
    view = desk.see_board(session, boards, actor, week)
    say = words_for(view, language)
    found = see_fixes(view, class_run, segment)
    facts: dict[str, Any] = {
        "site": site, "class_run": class_run, "segment": segment, "told": told(found.answer, say.names), "by": by,
        "fixes": found.fixes,
    }  # fmt: skip
    return render(request, "board/fix.html", view=view, week=week, say=say, **facts)


@router.get("/history")
def history(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech
) -> Response:
    """Who changed what and when, and what it did to the cost."""
    view = desk.see_board(session, boards, actor, week)
    return render(request, "board/history.html", view=view, week=week, say=words_for(view, language))


@router.post("/trial")
def what_if(
    request: Request, session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech,
    entries: Entries,
) -> Response:  # fmt: skip
    """Begin a what-if, take its last change off, apply it, drop it; `back` is the page of the board to go back to."""
    back = entries.get("back", "")
    if not back.startswith(f"/board/{week}") or "\\" in back:
        back = f"/board/{week}"
    try:
        _do(session, boards, actor, week, entries)
    except (Refused, Conflict) as error:
        view = desk.see_board(session, boards, actor, week)
        said, say = refusal(error.code, error.facts, language), words_for(view, language)
        return render(request, "board/refused.html", status=422, view=view, week=week, say=say, said=said, back=back)
    return go(back)


def _do(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, entries: dict[str, str]) -> None:
    match entries.get("do", ""):
        case "begin":
            trials.begin_trial(session, actor, week)
        case "undo":
            trials.unstack(session, boards, actor, week)
        case "apply":
            trials.apply_trial(session, boards, actor, week, seen=number(entries.get("revision", "")) or 0)
        case "drop":
            trials.drop_trial(session, actor, week)
        case other:
            raise Refused("kind_unknown", kind=other[:40])
