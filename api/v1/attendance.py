"""Attendance: the same as on the pages, for whoever looks after a class, for coordinators, volunteers and families."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, status

from api.access import DESCRIBED, AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.downloads import PDF, download
from api.speak import fields
from api.v1 import attendance_models as models
from api.v1.accounts import PERSONAL
from registry import clock
from registry.attendance.child_week import week_of
from registry.attendance.closing import close_site_day
from registry.attendance.contacts import class_contacts
from registry.attendance.days import close_day, count_heads, reopen_day, site_day
from registry.attendance.family import delegate, report, today_of, withdraw_delegation
from registry.attendance.figures import site_counts
from registry.attendance.marks import Marked, mark_child
from registry.attendance.page import day_page, my_classes, note_seen
from registry.attendance.pickup import waiting
from registry.attendance.service import (
    correct_stay,
    own_hours,
    sign_in_service,
    sign_out_service,
    stays_at,
)
from registry.attendance.sheets import enter_sheet

router = APIRouter(tags=["attendance"], responses=PERSONAL, dependencies=DESCRIBED)
RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
NO_CONTENT = status.HTTP_204_NO_CONTENT
DAY = "/attendance/{class_run_id}/{day}"
SITE = "/attendance/sites/{site_id}/{day}"


def _marked(done: Marked, language: Speech) -> models.MarkOut:
    said = fields.sentence(done.problem.code, done.problem.facts, language) if done.problem else ""
    event = done.event
    return models.MarkOut(
        state=done.state, is_new=done.is_new, at=event.at if event else None,
        is_skewed=bool(event and event.is_skewed), problem=said,
    )  # fmt: skip


@router.get("/attendance", summary="The classes that one looks after today")
def list_classes(session: DbSession, actor: SignedIn) -> list[models.OwnClass]:
    """On duty, as lead, at one's own sites."""
    return [
        models.OwnClass(class_run_id=run.id or 0, name=run.name, site_id=site.id or 0, site=site.name)
        for run, site in my_classes(session, actor)
    ]


@router.get(SITE, summary="The classes of a site on a day")
def one_site(session: DbSession, actor: SignedIn, site_id: RowId, day: date) -> models.SiteDay:
    """Counts alone: no child is named."""
    lines, counted = site_day(session, actor, site_id, day), site_counts(session, site_id, day, day)
    classes = [
        models.ClassLine(
            class_run_id=line.class_run.id or 0, name=line.class_run.name, states=line.states,
            unaccounted=line.open_children, is_closed=line.is_closed,
        )
        for line in lines
    ]  # fmt: skip
    return models.SiteDay(children=counted.children, attendances=counted.attendances, classes=classes)


@router.post(SITE + "/close", summary="Close the day of all classes of a site")
def post_site_close(session: DbSession, actor: SignedIn, site_id: RowId, day: date) -> models.Added:
    """All or none."""
    return models.Added(n=close_site_day(session, actor, site_id, day))


@router.get(SITE + "/stays", summary="The volunteers' stays at a site on a day")
def list_stays(session: DbSession, actor: SignedIn, site_id: RowId, day: date) -> list[models.StayOut]:
    """Those that hold; a corrected one stands in place of the old."""
    return [models.StayOut.model_validate(stay) for stay, _ in stays_at(session, actor, site_id, day)]


@router.put("/attendance/stays/{stay_id}", summary="Correct a stay")
def put_stay(session: DbSession, actor: SignedIn, stay_id: RowId, body: models.StayIn) -> models.StayOut:
    """With a reason; the old row stays, void."""
    return models.StayOut.model_validate(correct_stay(session, actor, stay_id, body.came_at, body.left_at, body.reason))


@router.get("/service", summary="The own service hours")
def get_hours(
    session: DbSession, actor: SignedIn, first: Annotated[date | None, Query()] = None,
    last: Annotated[date | None, Query()] = None,
) -> models.HoursOut:  # fmt: skip
    """From one day to another, both included; without them those of the year."""
    today = clock.today()
    found = own_hours(session, actor, first or date(today.year, 1, 1), last or today)
    return models.HoursOut(hours=found.hours, days=[models.DayHoursOut.model_validate(day) for day in found.days])


@router.post("/service/in", summary="Sign in as a volunteer", status_code=status.HTTP_201_CREATED)
def post_in(session: DbSession, actor: SignedIn, body: models.ServiceIn) -> models.StayOut:
    """At a site where there is something to do today."""
    return models.StayOut.model_validate(sign_in_service(session, actor, body.site_id, body.key))


@router.post("/service/out", summary="Sign out as a volunteer")
def post_out(session: DbSession, actor: SignedIn) -> models.StayOut:
    """Ends the stay of today."""
    return models.StayOut.model_validate(sign_out_service(session, actor))


@router.get(DAY, summary="A class on a day")
def one_day(
    session: DbSession, actor: SignedIn, browser: AskingBrowser, class_run_id: RowId, day: date
) -> models.DayOut:
    """For whoever looks after it that day. That health notes were shown is kept."""
    page = day_page(session, actor, class_run_id, day)
    note_seen(session, actor, page, browser.address)
    return models.DayOut.of(page)


@router.post(DAY + "/marks", summary="Note a mark about a child")
def post_mark(
    session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, day: date, body: models.MarkIn
) -> models.MarkOut:
    """Sending it again under the same key does nothing. A wrong code is answered, not refused."""
    return _marked(mark_child(session, actor, class_run_id, day, body.entered()), language)


@router.post(DAY + "/heads", summary="Note how many heads were counted")
def post_heads(
    session: DbSession, actor: SignedIn, class_run_id: RowId, day: date, body: models.HeadsIn
) -> models.HeadsOut:
    """Beside those who are signed in."""
    return models.HeadsOut.model_validate(count_heads(session, actor, class_run_id, day, body.counted, body.key))


@router.post(DAY + "/close", summary="Close the day", status_code=NO_CONTENT)
def post_close(session: DbSession, actor: SignedIn, class_run_id: RowId, day: date) -> None:
    """Once every child is accounted for."""
    close_day(session, actor, class_run_id, day)


@router.post(DAY + "/reopen", summary="Open the day again", status_code=NO_CONTENT)
def post_reopen(session: DbSession, actor: SignedIn, class_run_id: RowId, day: date, body: models.Reason) -> None:
    """With a reason."""
    reopen_day(session, actor, class_run_id, day, body.reason)


@router.get(
    "/attendance/classes/{class_run_id}/contacts.pdf",
    summary="Whom to call, by child",
    response_class=Response,
    responses=PDF,
)
def contacts_pdf(session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId) -> Response:
    """A4, for the lead, the coordinator and the office; that it was taken out is kept for each child."""
    from api.prints.contacts import contacts_sheet

    found = class_contacts(session, actor, class_run_id)
    return download(contacts_sheet(found, language, clock.now()).pdf, "pdf", f"contacts-{class_run_id}.pdf")


@router.get(DAY + "/sheet.pdf", summary="The sheet to be filled in by hand", response_class=Response, responses=PDF)
def sheet_pdf(session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, day: date) -> Response:
    """A4: who is expected, and who may collect."""
    from api.prints.attendance import attendance_sheet

    page = day_page(session, actor, class_run_id, day)
    return download(attendance_sheet(page, language, clock.now()).pdf, "pdf", f"sheet-{class_run_id}-{day}.pdf")


@router.post(DAY + "/sheet", summary="Enter a sheet on paper")
def post_sheet(
    session: DbSession, actor: SignedIn, class_run_id: RowId, day: date, body: models.SheetIn
) -> models.Added:
    """All rows or none."""
    return models.Added(n=enter_sheet(session, actor, class_run_id, day, body.entered()))


@router.post(DAY + "/waiting", summary="Whom to call about children who are still there")
def post_waiting(
    session: DbSession, actor: SignedIn, browser: AskingBrowser, class_run_id: RowId, day: date
) -> list[models.WaitingOut]:
    """From some minutes after closing; each look is kept."""
    return [
        models.WaitingOut(
            child_id=one.child_id, name=one.name,
            people=[models.Person(name=name, relation=kin, phone=phone) for name, kin, phone in one.phones],
        )
        for one in waiting(session, actor, class_run_id, day, browser.address)
    ]  # fmt: skip


@router.get("/children/{child_id}/today", summary="The own child's day")
def get_today(session: DbSession, actor: SignedIn, child_id: RowId) -> list[models.TodayOut]:
    """A line for each class that meets today."""
    return [
        models.TodayOut(
            class_run_id=one.class_run.id or 0, class_run=one.class_run.name, site=one.site.name, day=one.day,
            state=one.state, arrived_at=one.arrived_at, left_at=one.left_at, collected_by=one.collected_by,
            adults=list(one.adults), lessons=[models.LessonOut.model_validate(lesson) for lesson in one.lessons],
        )
        for one in today_of(session, actor, child_id)
    ]  # fmt: skip


@router.get(
    "/children/{child_id}/weeks/{week}.pdf", summary="The own child's week on paper", response_class=Response,
    responses=PDF,
)  # fmt: skip
def get_week(session: DbSession, actor: SignedIn, language: Speech, child_id: RowId, week: date) -> Response:
    """A4; `week` is its Monday."""
    from api.prints.child_week import week_sheet

    made = week_sheet(week_of(session, actor, child_id, week), language, clock.now())
    return download(made.pdf, "pdf", f"week-{child_id}.pdf")


@router.post("/children/{child_id}/attendance", summary="Say that the own child is absent, late or coming after all")
def post_report(
    session: DbSession, actor: SignedIn, language: Speech, child_id: RowId, body: models.ReportIn
) -> models.MarkOut:
    """Today or later."""
    return _marked(report(session, actor, child_id, body.class_run_id, body.day, body.mark), language)


@router.post("/children/{child_id}/delegations", summary="Let another adult collect", status_code=201)
def post_delegation(
    session: DbSession, actor: SignedIn, child_id: RowId, body: models.DelegationIn
) -> models.DelegationOut:
    """The code is told here and nowhere else."""
    made, code = delegate(session, actor, child_id, body.day, body.name, body.relation)
    return models.DelegationOut(id=made.id or 0, day=made.day, name=made.name, code=code)


@router.delete("/children/{child_id}/delegations/{delegation_id}", summary="Take a code back", status_code=NO_CONTENT)
def delete_delegation(session: DbSession, actor: SignedIn, child_id: RowId, delegation_id: RowId) -> None:
    """It no longer works."""
    withdraw_delegation(session, actor, child_id, delegation_id)
