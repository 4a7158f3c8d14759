"""Why: what stands behind a gap, a duty or a lesson, and behind a person's week."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.deps import DbSession, Domain, Segment, Slot, Somebody, Speech, Why
from api.lists import SearchText
from api.pages.weeks import week_page
from api.shown import Week
from api.speak.answers import told
from api.speak.language import Language
from api.speak.names import Names
from registry.rostering.week_search import find_volunteers
from registry.rostering.week_store import StoredWeek
from registry.rostering.week_why import Question, names_of

router = APIRouter(prefix="/weeks/{week}", include_in_schema=False)

MOST_FOUND = 20


@router.get("/classes/{id_}/why")
def place(
    request: Request,
    session: DbSession,
    week: Week,
    why: Why,
    language: Speech,
    id_: str,
    *,
    segment: Segment = None,
    slot: Slot = None,
    domain: Domain = None,
    volunteer: Somebody = None,
    q: SearchText = "",
) -> HTMLResponse:
    """Why a place is open and what would fill it, who is there and why; with a person, why or why not them."""
    hours = {"segment": segment, "slot": slot, "domain": domain}
    answer = why.answer(week, Question(id_, **hours, volunteer=volunteer))
    facts: dict[str, Any] = {
        "row": week.class_row(id_),
        "told": told(answer, _names(week, language)),
        "who": week.volunteer_row(volunteer) if volunteer else None,
        "hours": {name: value for name, value in hours.items() if value},
        "q": q,
        "found": find_volunteers(week.volunteers, q)[:MOST_FOUND] if q.strip() else [],
    }
    return week_page(request, session, week, "why", **facts)


@router.get("/volunteers/{id_}/why")
def person(request: Request, session: DbSession, week: Week, why: Why, language: Speech, id_: str) -> HTMLResponse:
    """Why somebody is where they are, and why not where somebody is missing."""
    answer = why.answer(week, Question(volunteer=id_))
    return week_page(
        request, session, week, "why_person", row=week.volunteer_row(id_), told=told(answer, _names(week, language))
    )


def _names(week: StoredWeek, language: Language) -> Names:
    return Names(week.problem, language, names_of(week))
