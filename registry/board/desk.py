"""What somebody sees of a board: the office all sites, a coordinator the own ones. While they have a what-if, they see
the board as it would be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session, col, select

from registry.accounts.permissions import Action, Actor, Subject, may, require
from registry.board.boards import open_board, the_board
from registry.board.edits import Judged, edit, try_edit, undo
from registry.board.fill import Person, levels, who_can_fill, who_can_teach
from registry.board.grid import (
    Cell,
    Line,
    Piece,
    SiteGaps,
    marks_of,
    piece_of,
    site_days,
    site_gaps,
    site_lines,
    unused,
)
from registry.board.places import Place, places
from registry.board.positions import Positions, key_of
from registry.board.records import Clash, CostRow, Done, clashes, classes_of, cost_rows, costs, history
from registry.board.steps import Wanted, require_sites
from registry.board.tables import RosterBoard
from registry.board.today import away_in_week
from registry.board.tray import Spare, tray_of
from registry.board.trials import Tried, begin_trial, stack, trial_of, tried, unstack
from registry.board.views import Sheet, sheet_of
from registry.duties.dates import dates_of_week
from registry.duties.publish import number_of
from registry.duties.tables import RosterVersion
from registry.engine.boards import WAIVABLE, Entry, Lesson, Position, read_entry
from registry.errors import Conflict, Refused
from registry.rostering.drafts import weeks_done
from registry.rostering.week_store import class_names


@dataclass(frozen=True)
class BoardView:
    """A board as its reader sees it, with their what-if if they have one."""

    session: Session
    actor: Actor
    board: RosterBoard
    position: Position
    names: Mapping[str, str]
    trial: Tried | None = None

    @property
    def levels(self) -> tuple[int, int, int]:
        """The three levels of the cost."""
        return levels(self.position.parts)

    @cached_property
    def sites(self) -> tuple[SiteGaps, ...]:
        """The sites that the reader may change, those that lack most first."""
        return tuple(row for row in site_gaps(self.position) if self.may_change(row.site))

    @cached_property
    def days(self) -> dict[str, dict[int, int]]:
        """How many adults each site lacks on each weekday."""
        return site_days(self.position)

    @cached_property
    def edits(self) -> tuple[Done, ...]:
        """The newest edits of what the reader may change."""
        runs = self.position.problem.class_run
        found = history(self.session, self.board)
        return tuple(
            done for done in found
            if all(self.may_change(runs[c].site) for c in classes_of(done.edit) if c in runs)
        )  # fmt: skip

    @cached_property
    def away(self) -> Mapping[str, set[str]]:
        """By volunteer the segments in which they have said that they cannot come."""
        return away_in_week(self.session, self.board.week)

    def is_away(self, entry: Entry) -> bool:
        """Whether the person of an entry has said that they cannot come then."""
        who, at = (entry.instructor, entry.slot) if isinstance(entry, Lesson) else (entry.volunteer, entry.segment)
        segment = self.position.problem.slot[at].segment if isinstance(entry, Lesson) else at
        return segment in self.away.get(who, ())

    def absent(self, site: str) -> tuple[Entry, ...]:
        """The entries at a site of people who have said that they cannot come then, in the order of the week."""
        if not self.away:
            return ()
        problem, roster = self.position.problem, self.position.roster
        classes = [c.id for c in problem.classes if c.site == site]
        found: list[Entry] = [e for c in classes for e in roster.duties_in.get(c, ()) if self.is_away(e)]
        found += [e for c in classes for e in roster.lessons_in.get(c, ()) if self.is_away(e)]
        at = {s.id: i for i, s in enumerate(problem.segments)} | {t.id: i for i, t in enumerate(problem.slots)}
        return tuple(sorted(found, key=lambda e: (at[e.slot if isinstance(e, Lesson) else e.segment], repr(e))))

    @cached_property
    def costs(self) -> tuple[CostRow, ...]:
        """What each rule costs, and how all edits have changed it; in a what-if, how that would."""
        if self.trial is not None:
            return cost_rows(self.position.parts, self.trial.cost)
        return costs(self.session, self.board, self.position)

    def may_change(self, site: str) -> bool:
        """Whether the reader may change a site's part of the board."""
        return may(self.actor, Action.MANAGE_ROSTER, _at(site))

    @property
    def may_publish(self) -> bool:
        """Whether the reader may publish the week."""
        return may(self.actor, Action.PUBLISH_ROSTER, Subject())

    @staticmethod
    def may_override(piece: Piece) -> bool:
        """Whether a written reason would do for what stands as a conflict."""
        return bool(set(piece.rules) & WAIVABLE)

    def clashes(self, site: str = "") -> tuple[Clash, ...]:
        """Broken rules at a site, or at all that the reader may change."""
        mine = {row.site for row in self.sites} if not site else {site}
        return tuple(clash for clash in clashes(self.position) if clash.sites & mine)


def weeks_of_boards(session: Session, actor: Actor) -> list[tuple[date, bool]]:
    """The weeks that have a board, a version or a finished draft, the latest first, and whether the board is open.

    Raises:
        NotAllowed: for who may change no site.
    """
    require(actor, Action.MANAGE_ROSTER)
    boards = set(session.exec(select(col(RosterBoard.week))))
    versions = set(session.exec(select(col(RosterVersion.week)).distinct()))
    return [(week, week in boards) for week in sorted({*boards, *versions, *weeks_done(session)}, reverse=True)]


def begin_board(session: Session, actor: Actor, monday: date) -> RosterBoard:
    """Open the board of a week, as `open_board`; whoever may change any site may."""
    require(actor, Action.MANAGE_ROSTER)
    return open_board(session, monday, actor.account_id)


def see_board(session: Session, positions: Positions, actor: Actor, monday: date) -> BoardView:
    """The board of a week.

    Raises:
        NotAllowed, NotFound: `board_unknown`.
    """
    require(actor, Action.MANAGE_ROSTER)
    board = the_board(session, monday)
    names = positions.once((*key_of(board), "names"), lambda: class_names(positions.facts(board)))
    stored = trial_of(session, actor, board)
    trial = tried(positions, board, stored) if stored is not None else None
    return BoardView(session, actor, board, trial.position if trial else positions.of(board), names, trial)


def change(
    session: Session, positions: Positions, actor: Actor, monday: date, wanted: Wanted, *, seen: int, reason: str = "",
    let_stand: bool = False, in_trial: bool = False,
) -> None:  # fmt: skip
    """Do a change: on top of the actor's what-if where they have one, else on the board; see `edit` and `stack`. With
    `in_trial` a what-if begins where there is none."""
    require(actor, Action.MANAGE_ROSTER)
    if in_trial:
        begin_trial(session, actor, monday)
    if trial_of(session, actor, the_board(session, monday)) is None:
        edit(session, positions, actor, monday, wanted, seen=seen, reason=reason, let_stand=let_stand)
    else:
        stack(session, positions, actor, monday, wanted, reason=reason, let_stand=let_stand)


def take_back(session: Session, positions: Positions, actor: Actor, monday: date) -> None:
    """Take back the actor's newest change: of their what-if where they have one, else on the board."""
    require(actor, Action.MANAGE_ROSTER)
    if trial_of(session, actor, the_board(session, monday)) is None:
        undo(session, positions, actor, monday)
    else:
        unstack(session, positions, actor, monday)


def see_site(view: BoardView, site: str) -> tuple[Line, ...]:
    """The cells of a site that the actor may change."""
    _require_site(view, site)
    return site_lines(view.position, site, view.names)


def see_sheet(view: BoardView, site: str, by: str, day: int = 0) -> Sheet:
    """The grid of a site that the actor may change."""
    _require_site(view, site)
    told = dates_of_week(view.session, view.board.week) if by == "volunteer" else {}
    return sheet_of(view.position, site, by, view.names, day, told)


def see_tray(view: BoardView, site: str) -> tuple[Spare, ...]:
    """The unused who may come to a site that the actor may change."""
    _require_site(view, site)
    return tray_of(view.position, site)


def see_unused(view: BoardView, q: str) -> tuple[tuple[str, str], ...]:
    """Those with time and no entry whose name holds a text."""
    return tuple(pair for pair in unused(view.position) if q.strip() in pair[1])


def see_people(view: BoardView, class_run: str, segment: str) -> tuple[Person, ...]:
    """Who can fill a place of a class that the actor may change: a segment's, or a slot's."""
    run = view.position.problem.class_run.get(class_run)
    if run is not None:
        require(view.actor, Action.MANAGE_ROSTER, _at(run.site))
        if segment in run.slots:
            return who_can_teach(view.position, class_run, segment)
    return who_can_fill(view.position, class_run, segment)


def see_places(view: BoardView, site: str, entry: object, by: str) -> tuple[Place, ...]:
    """Where an entry, or somebody of the tray, could go on the grid of a site that the actor may change.

    Raises:
        NotAllowed. Refused: `entry_malformed`. As `places`.
    """
    _require_site(view, site)
    if not isinstance(entry, dict):
        raise Refused("entry_malformed", place="entry")
    return places(view.position, entry, site, by)


def see_piece(view: BoardView, source: object) -> Piece | None:
    """An entry as it stands on the board; None for somebody of the tray.

    Raises:
        NotAllowed. Refused: `entry_malformed`. Conflict: `entry_gone`.
    """
    if not isinstance(source, dict) or "class" not in source:
        return None
    entry = read_entry(source, view.position.problem)
    _require_site(view, view.position.problem.class_run[entry.class_run].site)
    if entry not in view.position.roster.duties and entry not in view.position.roster.lessons:
        raise Conflict("entry_gone")
    return piece_of(view.position, entry, marks_of(view.position))


def see_lesson(view: BoardView, class_run: str, slot: str) -> Lesson | None:
    """The lesson that stands in a slot of a class."""
    return next((x for x in view.position.roster.lessons_in.get(class_run, ()) if x.slot == slot), None)


def see_gaps(view: BoardView, site: str) -> tuple[Cell | Clash, ...]:
    """What there is to do at a site, the most pressing first: too few adults, no lead, conflicts, empty slots."""
    lines = site_lines(view.position, site, view.names)
    cells = [c for line in lines for c in line.cells if c is not None and (c.level != "green" or c.open_slots)]
    rank = {"red": 0, "amber": 1, "green": 3}
    ranked = sorted(cells, key=lambda c: (rank[c.level], -(c.need - c.adults)))
    broken = [clash for clash in view.clashes(site) if not clash.is_overridden]
    urgent = [c for c in ranked if c.level == "red"]
    return (*urgent, *broken, *(c for c in ranked if c.level != "red"))


def see_effect(view: BoardView, wanted: Wanted) -> Judged:
    """What a change would do, without doing it."""
    judged = try_edit(view.position, wanted)
    require_sites(view.actor, view.position.problem, judged.step)
    return judged


def _require_site(view: BoardView, site: str) -> None:
    if site in view.position.problem.site:
        require(view.actor, Action.MANAGE_ROSTER, _at(site))


def _at(site: str) -> Subject:
    return Subject(site_ids=frozenset({number_of(site)}))
