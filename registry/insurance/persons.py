"""Who has to be insured on which days: children with places who agreed, volunteers who are rostered; and what is
wrong with what is known about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from registry.accounts.tables import Account
from registry.attendance.roll import is_class_day
from registry.conventions.papers import PaperKind, paper_of
from registry.conventions.pinyin import pinyin_key
from registry.duties.tables import RosteredDuty, RosteredLesson
from registry.enrolment.tables import Application, Place, PlaceStatus
from registry.errors import Invalid
from registry.families.tables import Child, Guardian, Guardianship
from registry.people import Volunteer
from registry.privacy.tables import ConsentItem, ConsentRecord
from registry.programme import ClassRun, Site, Term, setting


@dataclass(frozen=True, slots=True)
class Insured:
    """A line of the list. Texts alone, so that two lists are compared and a stored one says what it said."""

    kind: str
    person_id: int
    class_run_id: int
    name: str
    sex: str
    paper_kind: str
    paper_number: str
    born_on: str
    phone: str
    guardian: str
    relation: str
    site: str
    class_run: str
    starts: str
    ends: str

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to look at before the list goes out: a code, and whom it is about. `no_consent` is left out of it."""

    code: str
    kind: str
    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """The persons of a term or day, by site, class and name, and what is wrong."""

    rows: tuple[Insured, ...]
    troubles: tuple[Trouble, ...]


def persons(session: Session, term: Term, day: date | None) -> Found:
    """Everybody to be insured in a term, or on one day of it."""
    runs = {
        run.id or 0: (run, site)
        for run, site in session.exec(
            select(ClassRun, Site).join(Site, col(Site.id) == ClassRun.site_id).where(ClassRun.term_id == term.id)
        )
        if day is None or is_class_day(session, run, day)
    }
    first, last = (day, day) if day else (term.starts_on, term.ends_on)
    children, troubles = _children(session, runs, first, last, day)
    rows = [*children, *_volunteers(session, runs, first, last)]
    rows.sort(key=lambda row: (pinyin_key(row.site), row.class_run, row.kind, pinyin_key(row.name), row.person_id))
    return Found(tuple(rows), (*troubles, *_wrong(children, is_needed=bool(setting(session, "collects_papers")))))


Runs = Mapping[int, tuple[ClassRun, Site]]


def _children(
    session: Session, runs: Runs, first: date, last: date, day: date | None
) -> tuple[list[Insured], list[Trouble]]:  # fmt: skip
    placed = (
        select(Child, Place.class_run_id, Application.weekdays)
        .join(Application, col(Application.child_id) == Child.id)
        .join(Place, col(Place.application_id) == Application.id)
        .where(col(Place.class_run_id).in_(list(runs)), Place.status == PlaceStatus.CONFIRMED.value)
    )
    found = [
        (child, run)
        for child, run, weekdays in session.exec(placed)
        if day is None or day.isoweekday() > 5 or day.isoweekday() in weekdays
    ]
    ids = {child.id or 0 for child, _ in found}
    agreed, guardians = _agreed(session, ids), _guardians(session, ids)
    rows, troubles = [], []
    for child, number in found:
        if child.id not in agreed:
            troubles.append(Trouble("no_consent", "child", child.id or 0, child.name))
            continue
        name, phone, relation = guardians.get(child.id or 0, ("", "", ""))
        run, site = runs[number]
        rows.append(Insured(
            "child", child.id or 0, number, child.name, child.sex, child.paper_kind or "", child.paper_number or "",
            child.born_on.isoformat(), phone, name, relation, site.name, run.name, first.isoformat(), last.isoformat(),
        ))  # fmt: skip
    return rows, troubles


def _agreed(session: Session, ids: Collection[int]) -> set[int]:
    """Children whose newest answer about insurance is yes."""
    given = select(ConsentRecord.child_id, ConsentRecord.is_given).where(
        ConsentRecord.item == ConsentItem.INSURANCE.value
    )
    answers: dict[int, bool] = dict(session.exec(given.order_by(col(ConsentRecord.id))).all())
    return {child for child in ids if answers.get(child)}


def _guardians(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """The first guardian of each child: name, phone, relation."""
    wanted = (
        select(Guardianship, Guardian.name, Account.phone)
        .join(Guardian, col(Guardian.id) == Guardianship.guardian_id)
        .join(Account, col(Account.id) == Guardian.account_id)
        .order_by(col(Guardianship.created_at).desc(), col(Guardian.id).desc())
    )
    return {
        kin.child_id: (name, phone, kin.relation) for kin, name, phone in session.exec(wanted) if kin.child_id in ids
    }


def _volunteers(session: Session, runs: Runs, first: date, last: date) -> Iterable[Insured]:
    """Everybody with a duty or lesson by the published weeks, from their first day to their last, once a class."""
    days: dict[tuple[int, int], set[date]] = defaultdict(set)
    duties = session.exec(select(RosteredDuty).where(col(RosteredDuty.day).between(first, last)))
    lessons = session.exec(select(RosteredLesson).where(col(RosteredLesson.day).between(first, last)))
    for entry in (*duties, *lessons):
        if entry.class_run_id in runs:
            days[entry.volunteer_id, entry.class_run_id].add(entry.day)
    known = select(Volunteer).where(col(Volunteer.id).in_({who for who, _ in days}))
    people = {one.id: one for one in session.exec(known)}
    for (who, number), on_days in days.items():
        one, (run, site) = people[who], runs[number]
        yield Insured(
            "volunteer", who, number, one.name, one.sex, "", "", f"{one.born_on:%Y-%m}", one.phone or "", "", "",
            site.name, run.name, min(on_days).isoformat(), max(on_days).isoformat(),
        )  # fmt: skip


def _wrong(rows: Iterable[Insured], *, is_needed: bool) -> Iterable[Trouble]:
    """Papers that are missing, wrong or two children's, and guardians without a phone; each child once a code."""
    owners: dict[str, set[int]] = defaultdict(set)
    told: dict[tuple[str, int], Trouble] = {}
    rows = list(rows)
    for row in rows:
        owners[row.paper_number].add(row.person_id)
    for row in rows:
        codes = [code for code, is_so in (
            ("paper_missing", is_needed and not row.paper_number),
            ("paper_shared", bool(row.paper_number) and len(owners[row.paper_number]) > 1),
            ("no_phone", not row.phone),
        ) if is_so] + ([_paper_trouble(row)] if row.paper_number else [])  # fmt: skip
        for code in filter(None, codes):
            told.setdefault((code, row.person_id), Trouble(code, row.kind, row.person_id, row.name))
    return told.values()


def _paper_trouble(row: Insured) -> str:
    """What of a paper does not fit: check digit, birth, sex; empty where all does."""
    try:
        born = date.fromisoformat(row.born_on)
        paper = paper_of(PaperKind(row.paper_kind), row.paper_number, date.fromisoformat(row.ends))
    except (Invalid, ValueError) as error:
        return error.problems[0].code if isinstance(error, Invalid) else "paper_malformed"
    if paper.born_on not in (None, born):
        return "paper_not_of_birth"
    return "paper_not_of_sex" if paper.sex not in (None, row.sex) else ""
