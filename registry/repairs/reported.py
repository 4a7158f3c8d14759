"""What volunteers have answered themselves: who cannot come in the week of a board, and what is being done about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session, col, select

from registry.accounts.permissions import Action, Actor, require
from registry.board.boards import the_board
from registry.board.edits import first_day
from registry.board.tables import RosterBoard
from registry.duties.answers import OpenAbsence, open_absences
from registry.errors import Conflict
from registry.repairs.asking import ask_repair, may_at
from registry.repairs.causes import ABSENT, Cause, first_open
from registry.repairs.tables import WAITING, BoardRepair, State
from registry.repairs.words import class_names, site_of_class
from registry.substitutes.tables import SearchStatus, SubstituteSearch


class Care(StrEnum):
    """What is being done about an absence: nothing yet; a repair waits to be worked out or decided; a substitute is
    asked; the board has somebody else there, or nobody, and is yet to be published."""

    OPEN = "open"
    MENDING = "mending"
    ASKED = "asked"
    COVERED = "covered"


@dataclass(frozen=True, slots=True)
class Reported:
    """Somebody who cannot come: in which parts of which days, to which classes, and how that stands. `repair` is the
    one that waits."""

    volunteer: str
    name: str
    parts: tuple[tuple[date, str], ...]
    classes: tuple[str, ...]
    state: str
    repair: int | None = None

    @property
    def cause(self) -> Cause:
        """As a repair knows it."""
        days = tuple(sorted({day.isoweekday() for day, _ in self.parts}))
        return Cause(ABSENT, days, self.volunteer, tuple(_segment(part) for part in self.parts))


def _segment(part: tuple[date, str]) -> str:
    return f"{part[0].isoweekday()}-{part[1]}"


def reported(session: Session, actor: Actor, monday: date) -> tuple[Reported, ...]:
    """Who cannot come to a site of the actor's from today on though they are in the version in force; the open first.

    Raises:
        NotAllowed. NotFound: `board_unknown`.
    """
    require(actor, Action.MANAGE_ROSTER)
    board = the_board(session, monday)
    first, by_person = first_open(monday, first_day(session)), dict[str, list[OpenAbsence]]()
    for one in open_absences(session, monday):
        if one.absence.day.isoweekday() >= first:
            by_person.setdefault(f"v{one.absence.volunteer_id}", []).append(one)
    if not by_person:
        return ()
    site_of, names = site_of_class(board.problem_json), class_names(board.problem_json)
    found = []
    for volunteer, absences in by_person.items():
        runs = sorted({f"c{run}" for one in absences for run in one.held.class_runs})
        if may_at(actor, *(site_of[run] for run in runs if run in site_of)):
            parts = tuple((one.absence.day, one.absence.part) for one in absences)
            state, repair = _care(session, board, volunteer, parts)
            told = tuple(names.get(run, run) for run in runs)
            found.append(Reported(volunteer, absences[0].name, parts, told, state.value, repair))
    order = list(Care)
    return tuple(sorted(found, key=lambda row: (order.index(Care(row.state)), row.parts[0], row.name)))


def _care(
    session: Session, board: RosterBoard, volunteer: str, parts: Collection[tuple[date, str]]
) -> tuple[Care, int | None]:
    segments = {_segment(part) for part in parts}
    if not segments & set(_engaged(board, volunteer)):
        return Care.COVERED, None
    waiting = select(BoardRepair.id, BoardRepair.causes_json).where(
        BoardRepair.board_id == board.id, col(BoardRepair.status).in_((*WAITING, State.DONE.value))
    )
    for number, causes in session.exec(waiting.order_by(col(BoardRepair.id).desc())):
        if any(cause["kind"] == ABSENT and cause["of"] == volunteer for cause in causes):
            return Care.MENDING, number
    asked = select(SubstituteSearch.id).where(
        SubstituteSearch.week == board.week, SubstituteSearch.instead_of_id == int(volunteer[1:]),
        SubstituteSearch.status == SearchStatus.OPEN.value, col(SubstituteSearch.day).in_({day for day, _ in parts}),
    )  # fmt: skip
    return (Care.OPEN if session.exec(asked).first() is None else Care.ASKED), None


def _engaged(board: RosterBoard, volunteer: str) -> Iterable[str]:
    """The segments in which somebody has something on the board."""
    at_slot = {s["id"]: s["segment"] for s in board.problem_json["slots"]}
    yield from (d["segment"] for d in board.roster_json["duties"] if d["volunteer"] == volunteer)
    yield from (at_slot[x["slot"]] for x in board.roster_json["lessons"] if x["instructor"] == volunteer)


def waiting_for_repair(session: Session, actor: Actor, monday: date) -> int:
    """For how many of them nothing is being done yet.

    Raises:
        NotAllowed, NotFound: as `reported`.
    """
    return sum(row.state == Care.OPEN for row in reported(session, actor, monday))


def repair_reported(
    session: Session, actor: Actor, monday: date, volunteers: Collection[str] = (), *, seed: int = 1
) -> BoardRepair:
    """Queue one repair for all who cannot come and for whom nothing is being done; or for these of all who cannot come
    and are not covered.

    Raises:
        NotAllowed, NotFound, Refused, Conflict: as `ask_repair`. Conflict: `nothing_to_mend`, there is nobody.
    """
    rows = reported(session, actor, monday)
    wanted = [row for row in rows if row.volunteer in volunteers and row.state != Care.COVERED]
    if not volunteers:
        wanted = [row for row in rows if row.state == Care.OPEN]
    if not wanted:
        raise Conflict("nothing_to_mend")
    return ask_repair(session, actor, monday, [row.cause for row in wanted], seed=seed)
