"""The coverage ledger: who has not been written about, which domain is thin, whom to watch tomorrow.

So that no quiet child goes unwritten. It counts notes and never weighs them, and no guardian sees it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Actor
from registry.conventions.days import working_days
from registry.families.classes import children_of_class, class_run_of
from registry.families.tables import Child
from registry.growth.rights import review_desk
from registry.growth.tables import NOTE_DOMAINS, NoteStatus, Observation, ObservationChild
from registry.programme import DayOff, Term, setting

COUNTED = (NoteStatus.SUBMITTED.value, NoteStatus.RELEASED.value)


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One child: notes by domain, the last day with a note, and working days of the term since then."""

    child: Child
    domains: Mapping[str, int]
    last: date | None
    days_without: int
    is_overdue: bool

    @property
    def notes(self) -> int:
        """All notes about the child; a note has one domain."""
        return sum(self.domains.values())


@dataclass(frozen=True, slots=True)
class Coverage:
    """A class on a day. `thin` are the domains with less than half of an even share of the notes, thinnest first."""

    day: date
    gap_days: int
    rows: tuple[CoverageRow, ...]
    domains: Mapping[str, int]
    thin: tuple[str, ...]

    @property
    def overdue(self) -> int:
        """How many children had no note for too long."""
        return sum(row.is_overdue for row in self.rows)


def coverage(session: Session, actor: Actor, class_run_id: int, day: date | None = None) -> Coverage:
    """The ledger of a class for those who answer for it, the longest unwritten first.

    Raises:
        NotFound, NotAllowed: see `review_desk`.
    """
    review_desk(session, actor, class_run_id)
    return class_coverage(session, class_run_id, day or clock.today())


def class_coverage(session: Session, class_run_id: int, day: date) -> Coverage:
    """The ledger of a class, whoever asks."""
    gap = int(setting(session, "note_gap_days"))
    days = _days_run(session, class_run_id, day)
    children = children_of_class(session, class_run_id)
    notes = _notes(session, class_run_id, day)
    rows = [_row(child, notes.get(child.id or 0, []), days, gap) for child in children]
    rows.sort(key=lambda row: (-row.days_without, row.notes))
    total = Counter(domain for row in rows for domain, n in row.domains.items() for _ in range(n))
    domains = {domain: total[domain] for domain in NOTE_DOMAINS}
    return Coverage(day, gap, tuple(rows), domains, _thin(domains))


def _row(child: Child, notes: Sequence[tuple[date, str]], days: Sequence[date], gap: int) -> CoverageRow:
    counted = Counter(domain for _, domain in notes)
    last = max((day for day, _ in notes), default=None)
    without = sum(1 for day in days if last is None or day > last)
    return CoverageRow(child, {d: counted[d] for d in NOTE_DOMAINS}, last, without, without >= gap)


def _thin(domains: Mapping[str, int]) -> tuple[str, ...]:
    share = sum(domains.values()) / len(domains)
    return tuple(sorted((d for d, n in domains.items() if n < share / 2), key=lambda d: domains[d]))


def _notes(session: Session, class_run_id: int, day: date) -> dict[int, list[tuple[date, str]]]:
    wanted = (
        select(col(ObservationChild.child_id), col(Observation.day), col(Observation.domain))
        .join(Observation, col(Observation.id) == ObservationChild.observation_id)
        .where(Observation.class_run_id == class_run_id, Observation.day <= day)
        .where(col(Observation.status).in_(COUNTED))
    )
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for child, written, domain in session.exec(wanted):
        found[child].append((written, domain))
    return found


def _days_run(session: Session, class_run_id: int, until: date) -> list[date]:
    """The working days of the class's term up to a day, that day included."""
    term = session.get_one(Term, class_run_of(session, class_run_id).term_id)
    days_off = {row.day: row.is_worked for row in session.exec(select(DayOff))}
    return working_days(term.starts_on, min(until, term.ends_on), days_off)
