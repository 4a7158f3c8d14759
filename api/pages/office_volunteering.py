"""What the office sets for volunteers, and the courses that they offer and it confirms."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.pages.family_parts import RowId
from api.pages.forms import Form, refused
from api.pages.reading import FormText, day, go, number
from api.pages.render import render
from registry.accounts.permissions import Actor
from registry.duties.wishes import Rules, decide_course, offered_courses, rules_of, set_rules
from registry.errors import FieldProblem, Invalid

router = APIRouter(prefix="/office/volunteering", include_in_schema=False)


@router.get("")
def volunteering(
    request: Request, session: DbSession, actor: SignedIn, saved: Annotated[str, Query(max_length=5)] = ""
) -> Response:  # fmt: skip
    """The rules, and the courses that wait."""
    return _page(request, session, actor, is_saved=saved == "1")


def _page(
    request: Request, session: Session, actor: Actor, form: Form | None = None, status: int = 200, *,
    is_saved: bool = False,
) -> Response:  # fmt: skip
    offers, rules = offered_courses(session, actor), rules_of(session)
    shown = form or Form({
        "reminder_hour": rules.reminder_hour, "swap_hours": rules.swap_hours, "bring": rules.bring,
        "wishes_until": rules.wishes_until.isoformat() if rules.wishes_until else "",
    })  # fmt: skip
    return render(
        request, "office/volunteering.html", status=status, offers=offers, form=shown, is_saved=is_saved
    )  # fmt: skip


@router.post("")
def change(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, reminder_hour: FormText = "",
    swap_hours: FormText = "", wishes_until: FormText = "", bring: FormText = "",
) -> Response:  # fmt: skip
    """Set the rules."""
    try:
        rules = Rules(bring, number(reminder_hour) or 0, number(swap_hours) or 0, _until(wishes_until))
        set_rules(session, actor, rules)
    except Invalid as error:
        entered = {
            "reminder_hour": reminder_hour, "swap_hours": swap_hours, "wishes_until": wishes_until, "bring": bring,
        }  # fmt: skip
        return _page(request, session, actor, refused(entered, error, language), 422)
    return go("/office/volunteering?saved=1")


def _until(text: str) -> date | None:
    try:
        return day(text)
    except ValueError:
        raise Invalid(FieldProblem("wishes_until", "date_malformed")) from None


@router.post("/{volunteer_id}/{course_id}")
def decide(
    session: DbSession, actor: SignedIn, volunteer_id: RowId, course_id: RowId, answer: FormText = ""
) -> Response:  # fmt: skip
    """Confirm a course, or not."""
    decide_course(session, actor, volunteer_id, course_id, is_confirmed=answer == "yes")
    return go("/office/volunteering")
