"""Why a place is open, why somebody is there, why somebody is not: the answers of `qingzai roster explain`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.deps import Domain, Segment, Slot, Somebody, Speech, Week, Why
from api.speak.answers import lines, told
from api.speak.language import Language
from api.speak.names import Names
from api.v1.explanations import Explanation
from registry.rostering.engine import Answer, write_answer
from registry.rostering.week_store import StoredWeek
from registry.rostering.week_why import Question, names_of

router = APIRouter(prefix="/weeks/{week}", tags=["why"])

Id = Annotated[str, Path(max_length=100)]


@router.get("/classes/{id}/why", summary="Why a place of a class is open, or who is there", response_model=Explanation)
def place(
    week: Week,
    why: Why,
    language: Speech,
    id: Id,
    *,
    segment: Segment = None,
    slot: Slot = None,
    domain: Domain = None,
    volunteer: Somebody = None,
) -> dict[str, Any]:
    """One of segment, slot and domain says which place; with a volunteer the answer is about them alone."""
    question = Question(id, segment, slot, domain, volunteer)
    return _told(week, why.answer(week, question), language)


@router.get("/volunteers/{id}/why", summary="Why a volunteer is where they are", response_model=Explanation)
def person(week: Week, why: Why, language: Speech, id: Id) -> dict[str, Any]:
    """What each duty and lesson is worth, who could take over, and why no open place is theirs."""
    return _told(week, why.answer(week, Question(volunteer=id)), language)


def _told(week: StoredWeek, answer: Answer, language: Language) -> dict[str, Any]:
    names = Names(week.problem, language, names_of(week))
    return {**write_answer(answer), "said": [text for _, text in lines(told(answer, names), names)]}
