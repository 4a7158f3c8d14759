"""Entering applications on paper: each row by the same actions as online, each in a savepoint of its own.

A row that is refused leaves nothing behind; a row that is there already changes nothing, so that a mended workbook can
be entered again as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, actor_of, require
from registry.accounts.sign_in import find_or_make_account
from registry.conventions.names import normalise_name
from registry.enrolment.applications import DRAFT, begin, check_details, set_details, touch
from registry.enrolment.claims import groups
from registry.enrolment.events import note
from registry.enrolment.paper.reading import Known, PaperForm, read_form
from registry.enrolment.paper.shape import SHAPES
from registry.enrolment.rounds import public_round
from registry.enrolment.search import classes
from registry.enrolment.sending import submit
from registry.enrolment.tables import Application, EnrolmentRound
from registry.enrolment.wishes import set_wishes
from registry.errors import FieldProblem, Invalid, NotAllowed, RegistryError
from registry.exchange.report import ImportReport, Log
from registry.exchange.sheets import Row, Sheet, open_workbook, read_sheets
from registry.families.children import add_child
from registry.families.reads import children_of
from registry.families.start import as_guardian
from registry.families.tables import Child, Guardian
from registry.privacy.access_log import note_access
from registry.privacy.consents import Paper, answer_consents, consent_rows, texts_now
from registry.privacy.tables import ConsentItem
from registry.programme import ClassRun

FIELDS = {
    "name": "child", "guardian_name": "guardian", "wishes": "wish1", "children": "child", "request_key": "child",
}  # fmt: skip
"""Fields of the forms online and the column in which the paper has them; others are called the same."""
MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who enters, and where: a coordinator only what wishes for a class at an own site."""

    actor: Actor
    round: EnrolmentRound


def enter_paper(session: Session, actor: Actor, round_id: int, path: Path, *, dry_run: bool = False) -> ImportReport:
    """Enter the applications of a workbook, and report row by row what became of each.

    With `dry_run` the report is the same and nothing is stored. The caller's unit of work commits.

    Raises:
        NotAllowed: for who is neither of the office nor a coordinator. NotFound: `round_unknown`.
        WorkbookRefused: no workbook, no such sheet, a column missing, or `too_many_rows`; nothing is stored.
    """
    require(actor, Action.ENTER_PAPER)
    its, log = public_round(session, round_id), Log()
    with open_workbook(path) as workbook:
        sheet = read_sheets(workbook, log, SHAPES)["paper"]
    savepoint = session.begin_nested()
    try:
        _enter(session, Clerk(actor, its), sheet, log)
        session.flush()
    except BaseException:
        savepoint.rollback()
        raise
    if dry_run:
        savepoint.rollback()
        session.expire_all()
    else:
        savepoint.commit()
    return log.report([sheet.name], dry_run=dry_run)


def _enter(session: Session, clerk: Clerk, sheet: Sheet, log: Log) -> None:
    named = {group.name_zh: group.code for group in groups(session)}
    known = Known(classes(session, clerk.round), named, clock.today(), date(clerk.round.season, 7, 1))
    seen: dict[tuple[str, date], int] = {}
    for row in sheet.body(log):
        if row.number - sheet.header_row > MOST_ROWS:
            row.skip("too_many_rows", limit=MOST_ROWS)
            log.count(sheet.name, "skipped")
            break
        form = read_form(row, known)
        if form is not None:
            first = seen.setdefault((normalise_name(form.child.name), form.born_on), row.number)
            if first != row.number:
                row.skip("duplicate_row", "child", first_row=first)
        outcome = "skipped" if form is None or row.failed else _enter_row(session, clerk, row, form)
        log.count(sheet.name, "skipped" if outcome == "skipped" else "unchanged" if outcome == "unchanged" else "new")


def _enter_row(session: Session, clerk: Clerk, row: Row, form: PaperForm) -> str:
    """One form, all or nothing."""
    inner = session.begin_nested()
    try:
        is_new = _store(session, clerk, form)
        session.flush()
    except Invalid as invalid:
        inner.rollback()
        for problem in invalid.problems:
            _tell(row, problem)
        return "skipped"
    except RegistryError as refused:
        inner.rollback()
        if refused.code == "consents_missing":
            _tell_consents(row, form, refused)
        else:
            row.fail(refused.code, None, **refused.facts)
        return "skipped"
    inner.commit()
    if not is_new:
        row.say("already_applied", "child", severity="note")
    return "new" if is_new else "unchanged"


def _tell(row: Row, problem: FieldProblem) -> None:
    field = FIELDS.get(problem.field, problem.field)
    row.fail(problem.code, field if field in row.sheet.shape.aliases else None, **problem.facts)


def _tell_consents(row: Row, form: PaperForm, refused: RegistryError) -> None:
    """Each item by itself: was it left empty, or is the answer a no without which nobody is enrolled?"""
    for item in map(ConsentItem, cast("list[str]", refused.facts["items"])):
        row.fail("consent_refused" if item in form.consents else "consent_empty", item.value)


def _store(session: Session, clerk: Clerk, form: PaperForm) -> bool:
    """Guardian, child, answers, wishes, sent; whether the application is new."""
    _require_own_site(session, clerk, form)
    family = _family(session, form)
    child = _child(session, family, form)
    found = begin(session, family, clerk.round.id or 0, child.id or 0)
    if found.status != DRAFT:
        return False
    _answer(session, clerk, family, child, form)
    set_wishes(session, family, found.number, form.wishes, None)
    check_details(session, clerk.round, form.details)
    if set_details(found, form.details):
        touch(session, found)
    submit(session, family, found.number, _key(clerk.round, child))
    _sign(session, clerk, found, form)
    return True


def _require_own_site(session: Session, clerk: Clerk, form: PaperForm) -> None:
    wished = session.exec(select(ClassRun.site_id).where(col(ClassRun.id).in_(form.wishes)))
    refused = NotAllowed("other_site_only")
    require(clerk.actor, Action.ENTER_PAPER, Subject(site_ids=frozenset(wished)), otherwise=refused)


def _family(session: Session, form: PaperForm) -> Actor:
    """The guardian with this phone; a phone that belongs to somebody of another name is refused, for it may be a slip
    of the pen that would hand the child to a stranger."""
    account, _ = find_or_make_account(session, form.phone, name=form.guardian)
    if not account.is_active:
        raise Invalid(FieldProblem("phone", "account_closed"))
    guardian = session.exec(select(Guardian).where(Guardian.account_id == account.id)).first()
    if guardian is not None and normalise_name(guardian.name) != normalise_name(form.guardian):
        raise Invalid(FieldProblem("phone", "phone_of_another"))
    return as_guardian(session, actor_of(session, account, clock.today()), form.guardian)


def _child(session: Session, family: Actor, form: PaperForm) -> Child:
    assert family.guardian_id is not None
    name = normalise_name(form.child.name)
    for child in children_of(session, family.guardian_id):
        if (normalise_name(child.name), child.born_on) == (name, form.born_on):
            return child
    return add_child(session, family, form.child, form.relation)


def _answer(session: Session, clerk: Clerk, family: Actor, child: Child, form: PaperForm) -> None:
    """The signed answers, to the texts in force; an item that is not asked of this child is passed over."""
    asked = {row.item: row.text.digest for row in consent_rows(session, child.id or 0)}
    given = {item: answer for item, answer in form.consents.items() if item in asked}
    if given and texts_now(session):
        paper = Paper(form.signed_on, clerk.actor.account_id)
        answer_consents(session, family, child.id or 0, given, {item: asked[item] for item in given}, paper)


def _sign(session: Session, clerk: Clerk, found: Application, form: PaperForm) -> None:
    note(session, found, "entered_from_paper", clerk.actor, signed_on=form.signed_on.isoformat())
    note_access(session, clerk.actor.account_id, Action.ENTER_PAPER.value, "child", found.child_id, field="application")


def _key(its: EnrolmentRound, child: Child) -> str:
    return f"paper-{its.id}-{child.id}"
