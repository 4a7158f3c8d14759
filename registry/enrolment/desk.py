"""What the office and a site's coordinator see of rounds and of one application: figures, and names masked.

A coordinator's figures count what concerns the own sites alone: classes there, and applications that wish for them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, or_, select

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, may, require
from registry.accounts.tables import Role
from registry.conventions.names import mask_name
from registry.enrolment.applications import wishes_of
from registry.enrolment.claims import subject_of_application
from registry.enrolment.events import history
from registry.enrolment.lists import counted
from registry.enrolment.numbers import read_number
from registry.enrolment.rounds import Phase, all_rounds, find_round, phase
from registry.enrolment.search import ClassRow, classes
from registry.enrolment.status import StatusLine, status_of
from registry.enrolment.tables import (
    Application,
    ApplicationEvent,
    EnrolmentRound,
    Mode,
    Place,
    PriorityGroup,
    RoundClass,
)
from registry.errors import NotFound
from registry.families.reads import HELD
from registry.families.tables import Child
from registry.privacy.consents import consent_rows
from registry.programme import ClassRun

UNSENT = ("draft", "withdrawn")


def sees_district(actor: Actor) -> bool:
    """Whether somebody sees every site, and not only those of their own."""
    return actor.has(Role.DISTRICT_OFFICE, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in the office's list. `sent` counts applications that were sent and not withdrawn; `unverified` those
    of them whose claim nobody has looked at."""

    round: EnrolmentRound
    phase: Phase
    classes: int
    places: int
    sent: int
    drafts: int
    unverified: int

    @property
    def next_step(self) -> str:
        """What is to be done now: classes, announce, wait, draw, decide, see; nothing more for one called off."""
        if self.phase is Phase.DRAFT:
            return "announce" if self.classes else "classes"
        if self.phase is Phase.CLOSED:
            return {Mode.LOTTERY: "draw", Mode.APPROVAL: "decide"}.get(Mode(self.round.mode), "see")
        return {Phase.OPEN: "verify", Phase.ANNOUNCED: "see", Phase.FROZEN: "draw", Phase.PUBLISHED: "results"}.get(
            self.phase, "see"
        )


def round_lines(session: Session, actor: Actor) -> list[RoundLine]:
    """Every round with its figures, by four questions however many rounds there are. A coordinator sees those that
    are announced.

    Raises:
        NotAllowed: `not_allowed`.
    """
    now = clock.now()
    rounds = [r for r in all_rounds(session, actor) if sees_district(actor) or r.announced_at is not None]
    offered, counts = _offered(session, actor), counted(session, actor, [r.id or 0 for r in rounds])
    return [_line(r, phase(r, now), offered.get(r.id or 0, (0, 0)), counts[r.id or 0]) for r in rounds]


def _line(
    a_round: EnrolmentRound, where: Phase, offered: tuple[int, int], counts: Counter[tuple[str, str]]
) -> RoundLine:
    sent = {key: n for key, n in counts.items() if key[0] not in UNSENT}
    return RoundLine(
        round=a_round, phase=where, classes=offered[0], places=offered[1], sent=sum(sent.values()),
        drafts=sum(n for (status, _), n in counts.items() if status == "draft"),
        unverified=sum(n for (_, claim), n in sent.items() if claim == "claimed"),
    )  # fmt: skip


def _offered(session: Session, actor: Actor) -> dict[int, tuple[int, int]]:
    rows = select(RoundClass.round_id, func.count(), func.sum(RoundClass.places))
    if not sees_district(actor):
        rows = rows.join(ClassRun, col(ClassRun.id) == RoundClass.class_run_id)
        rows = rows.where(col(ClassRun.site_id).in_(actor.sites))
    found = session.exec(rows.group_by(col(RoundClass.round_id)))
    return {number: (n, int(places or 0)) for number, n, places in found}


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site in a round: its classes, and what they give and are asked for. `first`: first wishes."""

    site_id: int
    site: str
    classes: tuple[ClassRow, ...]
    held: Mapping[int, int]

    @property
    def places(self) -> int:
        """Places of all its classes."""
        return sum(row.places for row in self.classes)

    @property
    def first(self) -> int:
        """First wishes for any of its classes."""
        return sum(row.first for row in self.classes)

    @property
    def taken(self) -> int:
        """Places that are offered or confirmed."""
        return sum(self.held.get(row.id, 0) for row in self.classes)


@dataclass(frozen=True, slots=True)
class Overview:
    """A round in figures. `by_status` counts applications; sites come with the most wanted for their places first."""

    line: RoundLine
    by_status: Mapping[str, int]
    sites: tuple[SiteLine, ...]

    @property
    def has_results(self) -> bool:
        """Whether places have been given, or the round's result is out though it gave none."""
        return self.line.phase is Phase.PUBLISHED or any(site.taken for site in self.sites)


def overview(session: Session, actor: Actor, round_id: int) -> Overview:
    """A round with its sites and classes, as far as they concern the actor.

    Raises:
        NotAllowed: `not_allowed`. NotFound: `round_unknown`, for a coordinator also before it is announced.
    """
    found = visible_round(session, actor, round_id)
    counts = counted(session, actor, [round_id])[round_id]
    rows = [row for row in classes(session, found) if sees_district(actor) or row.site_id in actor.sites]
    held, of_site = _held(session, round_id), defaultdict[int, list[ClassRow]](list)
    for row in rows:
        of_site[row.site_id].append(row)
    sites = [SiteLine(number, its[0].site, tuple(its), held) for number, its in of_site.items()]
    by_status: Counter[str] = Counter()
    for (status, _), n in counts.items():
        by_status[status] += n
    line = _line(found, phase(found, clock.now()), (len(rows), sum(row.places for row in rows)), counts)
    return Overview(line, by_status, tuple(sorted(sites, key=lambda s: (-s.first / max(1, s.places), s.site))))


def visible_round(session: Session, actor: Actor, round_id: int) -> EnrolmentRound:
    """A round that the actor may see.

    Raises:
        NotAllowed: `not_allowed`. NotFound: `round_unknown`, for a coordinator also before it is announced.
    """
    require(actor, Action.SEE_ROUNDS)
    found = find_round(session, round_id)
    if found.announced_at is None and not sees_district(actor):
        raise NotFound("round_unknown", round=round_id)
    return found


def _held(session: Session, round_id: int) -> dict[int, int]:
    rows = (
        select(Place.class_run_id, func.count())
        .join(Application, col(Application.id) == Place.application_id)
        .where(Application.round_id == round_id, col(Place.status).in_(HELD))
        .group_by(col(Place.class_run_id))
    )
    return dict(session.exec(rows).all())


@dataclass(frozen=True, slots=True)
class DeskWish:
    """A wish: how many places the class has and how many list it; `may_decide` says whether it is the actor's site."""

    rank: int
    row: ClassRow
    may_decide: bool


@dataclass(frozen=True, slots=True)
class DeskDetail:
    """One application, the child's name masked, of consents only how many were answered with yes, no and not yet."""

    number: str
    child: str
    entry_year: int
    round: EnrolmentRound
    phase: Phase
    state: str
    status: StatusLine
    weekdays: tuple[int, ...]
    seats: int
    together: bool
    group: PriorityGroup | None
    claim: str
    verified_by: str
    verified_on: date | None
    submitted_at: datetime | None
    wishes: tuple[DeskWish, ...]
    history: tuple[ApplicationEvent, ...]
    consents: tuple[int, int, int]
    may_verify: bool
    may_decide: bool


def detail(session: Session, actor: Actor, number: str) -> DeskDetail:
    """An application as it stands on a desk.

    Raises:
        NotAllowed: for whoever sees no applications of others. NotFound: `application_unknown`, also for one that
            wishes for no class of the actor's sites.
    """
    require(actor, Action.LIST_APPLICATIONS)
    found = application_at_desk(session, actor, number)
    subject, a_round = subject_of_application(session, found), find_round(session, found.round_id)
    child = session.get_one(Child, found.child_id)
    where = phase(a_round, clock.now())
    return DeskDetail(
        number=found.number, child=mask_name(child.name), entry_year=child.entry_year, round=a_round, phase=where,
        state=found.status, status=status_of(session, found, clock.now()), weekdays=tuple(found.weekdays),
        seats=found.seats, together=found.together, claim=found.group_status,
        group=session.get(PriorityGroup, found.group_code) if found.group_code else None,
        verified_by=found.group_verified_by, verified_on=found.group_verified_on, submitted_at=found.submitted_at,
        wishes=tuple(_wishes(session, actor, found, a_round)), history=tuple(history(session, found)),
        consents=_consents(session, found.child_id),
        may_verify=may(actor, Action.VERIFY_CLAIM, subject) and a_round.frozen_at is None,
        may_decide=may(actor, Action.DECIDE_APPLICATION, subject),
    )  # fmt: skip


def application_at_desk(session: Session, actor: Actor, number: str) -> Application:
    """The application of a receipt's number, typed with spaces or without.

    Raises:
        NotFound: `application_unknown`, also for one that does not concern the actor's sites.
    """
    typed = number.strip()[:20]
    is_it = or_(Application.number == typed, Application.number == (read_number(number) or typed))
    found = session.exec(select(Application).where(is_it)).first()
    unknown = NotFound("application_unknown", number=typed)
    if found is None:
        raise unknown
    require(actor, Action.SEE_APPLICATION, subject_of_application(session, found), otherwise=unknown)
    return found


def _wishes(session: Session, actor: Actor, found: Application, a_round: EnrolmentRound) -> list[DeskWish]:
    rows = {row.id: row for row in classes(session, a_round)}
    return [
        DeskWish(wish.rank, row, may(actor, Action.DECIDE_APPLICATION, Subject(site_ids=frozenset({row.site_id}))))
        for wish in wishes_of(session, found)
        if (row := rows.get(wish.class_run_id)) is not None
    ]


def _consents(session: Session, child_id: int) -> tuple[int, int, int]:
    answers = [row.answer for row in consent_rows(session, child_id)]
    given = [answer.is_given for answer in answers if answer is not None]
    return sum(given), len(given) - sum(given), len(answers) - len(given)
