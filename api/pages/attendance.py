"""The pages of a class on a day: who is here, who goes with whom, head counts, closing; the sheet entered later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.access import AskingBrowser, SignedIn
from api.deps import DbSession, Speech, language_of
from api.pages.family_parts import RowId
from api.pages.forms import Form, refused
from api.pages.reading import FormText, go, number
from api.pages.render import render
from api.prints.attendance import attendance_sheet
from api.prints.contacts import contacts_sheet
from api.speak import fields
from registry import clock
from registry.accounts.permissions import Action, Actor, may
from registry.accounts.sign_in import Browser
from registry.attendance.contacts import class_contacts
from registry.attendance.days import close_day, count_heads, reopen_day
from registry.attendance.marks import MarkInput, mark_child
from registry.attendance.page import day_page, my_classes, note_seen
from registry.attendance.pickup import waiting
from registry.attendance.service import my_sites, open_stay
from registry.attendance.sheets import SheetRow, enter_sheet
from registry.conventions.days import read_day
from registry.duties.feed import hours_of
from registry.errors import FieldProblem, Invalid, NotFound

router = APIRouter(prefix="/attendance", include_in_schema=False)
MOST_ROWS = 60


def read_path_day(day: Annotated[str, Path(max_length=10)]) -> date:
    """The date in a path.

    Raises:
        NotFound: `page_unknown`, for anything else.
    """
    found = read_day(day)
    if found is None:
        raise NotFound("page_unknown", path=day)
    return found


OnDay = Annotated[date, Depends(read_path_day)]


@router.get("")
def today(request: Request, session: DbSession, actor: SignedIn) -> HTMLResponse:
    """The classes that I look after today, and my own sign-in."""
    day = clock.today()
    classes = my_classes(session, actor)
    mine: dict[str, Any] = {"sites": [], "stay": None, "hours": None}
    if actor.volunteer_id is not None:
        mine = {
            "sites": my_sites(session, actor.volunteer_id, day),
            "stay": open_stay(session, actor.volunteer_id, day),
            "hours": hours_of(session, actor),
        }
    counted = {site.id: site for _, site in classes} if may(actor, Action.COUNT_ATTENDANCE) else {}
    return render(
        request, "attendance/today.html", classes=classes, day=day, key=uuid4().hex, counted=list(counted.values()),
        is_volunteer=actor.volunteer_id is not None, may_certify=may(actor, Action.ISSUE_PARTICIPATION),
        may_close=may(actor, Action.CORRECT_SERVICE), monday=day - timedelta(days=day.weekday()), **mine,
    )  # fmt: skip


@router.get("/classes/{class_run_id}/contacts.pdf")
def contacts_pdf(session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId) -> Response:
    """Whom to call, to be printed."""
    made = contacts_sheet(class_contacts(session, actor, class_run_id), language, clock.now())
    return Response(made.pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})


@router.get("/{class_run_id}/{day}")
def one_day(
    request: Request, session: DbSession, actor: SignedIn, browser: AskingBrowser, class_run_id: RowId, day: OnDay
) -> HTMLResponse:
    """The class: a line a child."""
    return _page(request, session, actor, browser, class_run_id, day)


def _page(
    request: Request, session: DbSession, actor: Actor, browser: Browser, class_run_id: int, day: date,
    form: Form | None = None, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    page = day_page(session, actor, class_run_id, day)
    note_seen(session, actor, page, browser.address)
    return render(
        request, "attendance/class.html", status=status, page=page, day=day, form=form or Form(), new_key=_new_key,
    )  # fmt: skip


def _new_key() -> str:
    return uuid4().hex


@router.post("/{class_run_id}/{day}/marks")
def mark(
    request: Request, session: DbSession, actor: SignedIn, browser: AskingBrowser, class_run_id: RowId, day: OnDay,
    child_id: FormText = "", mark: FormText = "", key: FormText = "", remark: FormText = "",
    collector: FormText = "", code: FormText = "",
) -> Response:  # fmt: skip
    """Note one mark, and go back to the child."""
    entered = MarkInput(number(child_id) or 0, mark, key, remark=remark, collector=collector, code=code)
    problem = _marked(session, actor, class_run_id, day, entered)
    if problem is None:
        return go(f"/attendance/{class_run_id}/{day}#child-{entered.child_id}")
    form = _problem(request, entered.child_id, problem)
    return _page(request, session, actor, browser, class_run_id, day, form, status=422)


def _marked(session: Session, actor: Actor, class_run_id: int, day: date, entered: MarkInput) -> FieldProblem | None:
    """Note it; what is wrong with what was entered is said beside the child."""
    try:
        return mark_child(session, actor, class_run_id, day, entered).problem
    except Invalid as error:
        return error.problems[0]


def _problem(request: Request, child_id: int, problem: FieldProblem) -> Form:
    said = fields.sentence(problem.code, problem.facts, language_of(request))
    return Form({}, {f"child-{child_id}": said})


@router.post("/{class_run_id}/{day}/heads")
def heads(
    session: DbSession, actor: SignedIn, class_run_id: RowId, day: OnDay, counted: FormText = "", key: FormText = ""
) -> RedirectResponse:
    """Note how many heads were counted."""
    read = number(counted)
    count_heads(session, actor, class_run_id, day, -1 if read is None else read, key)
    return go(f"/attendance/{class_run_id}/{day}#heads")


@router.post("/{class_run_id}/{day}/close")
def close(session: DbSession, actor: SignedIn, class_run_id: RowId, day: OnDay) -> RedirectResponse:
    """Close the day."""
    close_day(session, actor, class_run_id, day)
    return go(f"/attendance/{class_run_id}/{day}")


@router.post("/{class_run_id}/{day}/reopen")
def reopen(
    request: Request, session: DbSession, actor: SignedIn, browser: AskingBrowser, language: Speech,
    class_run_id: RowId, day: OnDay, reason: FormText = "",
) -> Response:  # fmt: skip
    """Open it again."""
    try:
        reopen_day(session, actor, class_run_id, day, reason)
    except Invalid as error:
        form = refused({"reason": reason}, error, language)
        return _page(request, session, actor, browser, class_run_id, day, form, status=422)
    return go(f"/attendance/{class_run_id}/{day}")


@router.post("/{class_run_id}/{day}/waiting")
def not_collected(
    request: Request, session: DbSession, actor: SignedIn, browser: AskingBrowser, class_run_id: RowId, day: OnDay
) -> HTMLResponse:
    """Whom to call, on this answer alone; each look is kept."""
    found = waiting(session, actor, class_run_id, day, browser.address)
    return render(request, "attendance/waiting.html", found=found, class_run_id=class_run_id, day=day)


@router.get("/{class_run_id}/{day}/sheet")
def sheet(
    request: Request, session: DbSession, actor: SignedIn, browser: AskingBrowser, class_run_id: RowId, day: OnDay
) -> HTMLResponse:
    """The form in which a sheet on paper is entered."""
    page = day_page(session, actor, class_run_id, day)
    note_seen(session, actor, page, browser.address)
    return render(request, "attendance/sheet.html", page=page, day=day, form=Form())


async def read_sheet(request: Request) -> dict[str, str]:
    """What was entered in the form of a sheet."""
    sent = await request.form(max_files=0, max_fields=MOST_ROWS * 6, max_part_size=2000)
    return {name: value for name, value in sent.items() if isinstance(value, str)}


@router.post("/{class_run_id}/{day}/sheet")
def enter(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, day: OnDay,
    entered: Annotated[dict[str, str], Depends(read_sheet)],
) -> Response:  # fmt: skip
    """Keep what the sheet says, all of it or nothing."""
    page = day_page(session, actor, class_run_id, day)
    rows = [_row(line.on_roll.child.id or 0, entered) for line in page.lines]
    try:
        with session.begin_nested():
            enter_sheet(session, actor, class_run_id, day, rows)
    except Invalid as error:
        form = refused(entered, error, language)
        return render(request, "attendance/sheet.html", status=422, page=page, day=day, form=form)
    return go(f"/attendance/{class_run_id}/{day}")


def _row(child_id: int, entered: dict[str, str]) -> SheetRow:
    def of(name: str) -> str:
        return entered.get(f"{name}-{child_id}", "")

    return SheetRow(child_id, of("absent") == "yes", of("came"), of("left"), of("collector"), of("remark"))


@router.get("/{class_run_id}/{day}/sheet.pdf")
def sheet_pdf(session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, day: OnDay) -> Response:
    """The sheet to be printed (签到表)."""
    page = day_page(session, actor, class_run_id, day)
    made = attendance_sheet(page, language, clock.now())
    return Response(made.pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})
