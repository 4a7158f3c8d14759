"""A volunteer's own duties, coming or not, by sign-in or by the link of a message; and what coordinators see of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import DESCRIBED, AskingBrowser, SignedIn
from api.deps import DbSession, Monday
from api.v1.accounts import PERSONAL
from api.v1.duty_models import (
    Answered,
    Answers,
    HealthModel,
    LinkModel,
    NotComing,
    Note,
    NoteModel,
    OwnDuties,
    Part,
    answers_model,
    stay_model,
)
from registry.duties.answers import absent_for, answer_absent, answer_coming, withdraw_absence
from registry.duties.at_hand import at_hand
from registry.duties.by_link import absent_by_link, confirm_by_link, see_link
from registry.duties.desk import see_answers
from registry.duties.mine import next_stay, own_week, week_shown
from registry.duties.notes import write_note

router = APIRouter(tags=["duties"], responses=PERSONAL, dependencies=DESCRIBED)
by_link = APIRouter(tags=["duties"], responses=PERSONAL)
"""What needs no sign-in: the link is the key."""

AnId = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]
Day = Annotated[date, Path(examples=["2026-07-13"])]
Token = Annotated[str, Path(max_length=200, description="What stands behind /d/ in the link of a message.")]


@router.get("/duties", summary="One's own duties")
def own(
    session: DbSession, actor: SignedIn, browser: AskingBrowser,
    week: Annotated[date | None, Query(description="Any day of the week; by default that of the next duty.")] = None,
) -> OwnDuties:  # fmt: skip
    """Of the volunteer who is signed in, as published."""
    coming = next_stay(session, actor)
    known = at_hand(session, actor, coming, browser.address) if coming else None
    shown = own_week(session, actor, week_shown(session, actor, week))
    return OwnDuties(
        coming=stay_model(coming) if coming else None,
        health=[HealthModel(child=name, note=note) for name, note in (known.health if known else ())],
        notes=[NoteModel(day=n.day, text=n.text, by=n.by) for n in (known.notes if known else ())],
        week=shown.monday, is_published=shown.is_published, stays=[stay_model(s) for s in shown.stays],
    )  # fmt: skip


@router.post("/duties/{day}/coming", summary="Say that one is coming")
def coming(session: DbSession, actor: SignedIn, day: Day) -> Answered:
    """To everything of a day that one has not said no to."""
    return Answered(changed=answer_coming(session, actor, day))


@router.post("/duties/absent", summary="Say that one cannot come")
def absent(session: DbSession, actor: SignedIn, given: NotComing) -> Answered:
    """To these parts of days; the coordinators of the sites are told."""
    made = answer_absent(session, actor, [(p.day, p.part) for p in given.parts], given.reason, given.note)
    return Answered(changed=len(made))


@router.delete("/duties/absences/{id}", summary="Come after all")
def withdraw(session: DbSession, actor: SignedIn, id: AnId) -> Answered:
    """As long as nobody else has the place."""
    withdraw_absence(session, actor, id)
    return Answered(changed=1)


@router.post("/duties/{day}/notes/{class_run_id}", summary="Leave a note to who comes next", status_code=201)
def leave_note(session: DbSession, actor: SignedIn, day: Day, class_run_id: AnId, given: Note) -> Answered:
    """On the day itself or the day after, of a class that one was with."""
    write_note(session, actor, class_run_id, day, given.text)
    return Answered(changed=1)


@router.get("/answers/{week}", summary="Who comes and who does not")
def answers(session: DbSession, actor: SignedIn, monday: Monday) -> Answers:
    """Of the sites that one coordinates, the days still to come: who cannot come, who has not answered."""
    return answers_model(see_answers(session, actor, monday))


@router.post("/answers/volunteers/{id}/absent", summary="Note that somebody cannot come")
def absent_of(session: DbSession, actor: SignedIn, id: AnId, given: NotComing) -> Answered:
    """Who has said so by telephone."""
    parts = [(p.day, p.part) for p in given.parts]
    return Answered(changed=len(absent_for(session, actor, id, parts, given.reason, given.note)))


@by_link.get("/duty-links/{token}", summary="What a link is about")
def look(session: DbSession, token: Token) -> LinkModel:
    """Looking changes nothing."""
    found = see_link(session, token)
    return LinkModel(
        name=found.name, state=found.state, stays=[stay_model(s) for s in found.stays],
        parts=[Part(day=p.day, part=p.part) for p in found.parts],
    )  # fmt: skip


@by_link.post("/duty-links/{token}/coming", summary="Say by link that one is coming")
def coming_by_link(session: DbSession, token: Token) -> LinkModel:
    """Twice is once."""
    confirm_by_link(session, token)
    return look(session, token)


@by_link.post("/duty-links/{token}/absent", summary="Say by link that one cannot come")
def not_coming_by_link(session: DbSession, token: Token, given: NotComing) -> LinkModel:
    """A link does this once."""
    absent_by_link(session, token, [(p.day, p.part) for p in given.parts], given.reason, given.note)
    return look(session, token)
