"""Sign-in sheets before the day."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession, Monday, Speech
from api.downloads import attachment
from api.v1.accounts import PERSONAL
from api.v1.downloads import PDF, answers
from registry import clock
from registry.attendance.ahead import sheets_ahead

router = APIRouter(tags=["attendance"], responses=PERSONAL, dependencies=DESCRIBED)

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get(
    "/attendance/sites/{site_id}/weeks/{week}/sheets.pdf", summary="Sign-in sheets of a published week",
    response_class=Response, responses=answers(PDF),
)  # fmt: skip
def sheets_of_week(
    session: DbSession, actor: SignedIn, language: Speech, site_id: RowId, week: Monday,
    day: Annotated[int | None, Query(ge=1, le=7, description="One weekday; else the whole week.")] = None,
    class_run: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="One class; else all one's own.")] = None,
) -> Response:  # fmt: skip
    """A4, a sheet a class and day: who is expected, and who may collect. That they were printed is kept."""
    from api.prints.aside import printed_aside
    from api.prints.attendance import week_of_sheets

    found = sheets_ahead(session, actor, site_id, week, weekday=day, run=class_run)
    made = printed_aside("attendance", week_of_sheets(found, language, clock.now()))
    name = "-".join([week.isoformat(), "sign-in", *([str(day)] if day else []), found[0].site.name])
    headers = {"Content-Disposition": attachment(f"{name}.pdf"), "Cache-Control": "no-store"}
    return Response(made.pdf, media_type=PDF, headers=headers)
