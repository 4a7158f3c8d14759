"""Why a place is open, why somebody is there, why somebody is not: the answers of `qingzai roster explain`.

A place is the people of a class in a segment, its lesson in a slot, or a domain that it is short of.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.deps import Speech, Why
from api.shown import Week
from api.speak.answers import lines, told
from api.speak.language import Language
from api.speak.names import Names
from api.v1.accounts import PERSONAL
from api.v1.explanations import Explanation
from registry.engine.rosters import Answer, write_answer
from registry.rostering.week_store import StoredWeek
from registry.rostering.week_why import Question, names_of

router = APIRouter(prefix="/weeks/{week}", tags=["why"], responses=PERSONAL)

Id = Annotated[str, Path(max_length=100)]


@router.get("/classes/{id}/segments/{segment}/why", summary="Who is with a class, who is missing and why")
def people(week: Week, why: Why, language: Speech, id: Id, segment: Id) -> Explanation:
    """What the class lacks in the segment and what would fill it; who is there, and who could be instead."""
    return _told(week, why.answer(week, Question(id, segment=segment)), language)


@router.get("/classes/{id}/slots/{slot}/why", summary="Why a slot is open, or why it has this lesson")
def lesson(week: Week, why: Why, language: Speech, id: Id, slot: Id) -> Explanation:
    """What would fill the slot, or what could be given instead; what could be done indoors when it is hot."""
    return _told(week, why.answer(week, Question(id, slot=slot)), language)


@router.get("/classes/{id}/domains/{domain}/why", summary="Why a class is short of a domain")
def domain(week: Week, why: Why, language: Speech, id: Id, domain: Id) -> Explanation:
    """Which lessons of the domain could be given, in an open slot or for one that can be spared."""
    return _told(week, why.answer(week, Question(id, domain=domain)), language)


@router.get("/classes/{id}/segments/{segment}/volunteers/{volunteer}/why", summary="Why somebody is there, or not")
def somebody_on_duty(week: Week, why: Why, language: Speech, id: Id, segment: Id, volunteer: Id) -> Explanation:
    """What the roster would cost without them and who comes next, or what excludes them, or what they would cost."""
    return _told(week, why.answer(week, Question(id, segment=segment, volunteer=volunteer)), language)


@router.get("/classes/{id}/slots/{slot}/volunteers/{volunteer}/why", summary="Why somebody teaches there, or not")
def somebody_teaching(week: Week, why: Why, language: Speech, id: Id, slot: Id, volunteer: Id) -> Explanation:
    """The same for a lesson."""
    return _told(week, why.answer(week, Question(id, slot=slot, volunteer=volunteer)), language)


@router.get("/classes/{id}/domains/{domain}/volunteers/{volunteer}/why", summary="Why somebody gives no such lesson")
def somebody_of_domain(week: Week, why: Why, language: Speech, id: Id, domain: Id, volunteer: Id) -> Explanation:
    """What excludes them from each lesson of the domain, or what it would cost."""
    return _told(week, why.answer(week, Question(id, domain=domain, volunteer=volunteer)), language)


@router.get("/volunteers/{id}/why", summary="Why a volunteer is where they are")
def person(week: Week, why: Why, language: Speech, id: Id) -> Explanation:
    """What each duty and lesson is worth, who could take over, and why no open place is theirs."""
    return _told(week, why.answer(week, Question(volunteer=id)), language)


def _told(week: StoredWeek, answer: Answer, language: Language) -> Explanation:
    names = Names(week.problem, language, names_of(week))
    facts: dict[str, Any] = {**write_answer(answer), "said": [text for _, text in lines(told(answer, names), names)]}
    return Explanation.model_validate(facts)
