"""Who comes and who does not, for coordinators: absences that nobody covers yet, and who has not answered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.access import SignedIn
from api.deps import DbSession
from api.pages.attendance import OnDay
from api.pages.duties import Ticked
from api.pages.family_parts import RowId
from api.pages.reading import FormText, go
from api.pages.render import render
from registry.conventions.days import read_day
from registry.duties.answers import REASONS, absent_for
from registry.duties.desk import see_answers

router = APIRouter(prefix="/answers", include_in_schema=False)


@router.get("")
def answers(
    request: Request, session: DbSession, actor: SignedIn, day: Annotated[str, Query(max_length=10)] = ""
) -> Response:  # fmt: skip
    """A day at the sites that the reader coordinates."""
    return render(
        request, "coordinator/answers.html", it=see_answers(session, actor, read_day(day)), reasons=REASONS
    )  # fmt: skip


@router.post("/{day}/{volunteer_id}/absent")
def absent(
    session: DbSession, actor: SignedIn, day: OnDay, volunteer_id: RowId, parts: Ticked = [],  # noqa: B006
    reason: FormText = REASONS[0],
) -> Response:  # fmt: skip
    """Somebody has said by telephone that they cannot come."""
    absent_for(session, actor, volunteer_id, [(day, part) for part in parts], reason)
    return go(f"/answers?day={day.isoformat()}")
