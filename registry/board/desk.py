"""What somebody sees of a board: the office all sites, a coordinator the own ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from registry.accounts.permissions import Action, Actor, Subject, may, require
from registry.board.boards import open_board, the_board
from registry.board.edits import Judged, edits_of, try_edit
from registry.board.fill import Person, levels, who_can_fill
from registry.board.grid import Line, SiteGaps, site_gaps, site_lines, unused, where_it_works
from registry.board.positions import Positions
from registry.board.steps import Wanted, require_sites
from registry.board.tables import BoardEdit, RosterBoard
from registry.duties.publish import number_of
from registry.duties.tables import RosterVersion
from registry.engine.boards import Duty, Position, read_entry
from registry.errors import Refused
from registry.rostering.drafts import weeks_done
from registry.rostering.week_store import class_names


@dataclass(frozen=True)
class BoardView:
    """A board and its position, the sites that the reader may change, and what was done last."""

    board: RosterBoard
    position: Position
    sites: tuple[SiteGaps, ...]
    edits: tuple[BoardEdit, ...]

    @property
    def levels(self) -> tuple[int, int, int]:
        """The three levels of the cost."""
        return levels(self.position.parts)


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
    position = positions.of(board)
    sites = tuple(row for row in site_gaps(position) if may(actor, Action.MANAGE_ROSTER, _at(row.site)))
    return BoardView(board, position, sites, tuple(edits_of(session, board, most=12)))


def see_site(view: BoardView, actor: Actor, site: str) -> tuple[Line, ...]:
    """The grid of a site that the actor may change."""
    if site in view.position.problem.site:
        require(actor, Action.MANAGE_ROSTER, _at(site))
    return site_lines(view.position, site, class_names(view.board.problem_json))


def see_unused(view: BoardView, q: str) -> tuple[tuple[str, str], ...]:
    """Those with time and no entry whose name holds a text."""
    return tuple(pair for pair in unused(view.position) if q.strip() in pair[1])


def see_people(view: BoardView, actor: Actor, class_run: str, segment: str) -> tuple[Person, ...]:
    """Who can fill a place of a class that the actor may change."""
    run = view.position.problem.class_run.get(class_run)
    if run is not None:
        require(actor, Action.MANAGE_ROSTER, _at(run.site))
    return who_can_fill(view.position, class_run, segment)


def see_targets(view: BoardView, actor: Actor, site: str, entry: object) -> dict[tuple[str, str], tuple[str, ...]]:
    """For each cell of a site, the rules that a duty moved there would break."""
    if site in view.position.problem.site:
        require(actor, Action.MANAGE_ROSTER, _at(site))
    duty = read_entry(entry, view.position.problem)
    if not isinstance(duty, Duty):
        raise Refused("entry_malformed", place="segment", reason="missing")
    return where_it_works(view.position, duty, site)


def see_effect(view: BoardView, actor: Actor, wanted: Wanted) -> Judged:
    """What a change would do, without doing it."""
    judged = try_edit(view.position, wanted)
    require_sites(actor, view.position.problem, judged.step)
    return judged


def _at(site: str) -> Subject:
    return Subject(site_ids=frozenset({number_of(site)}))
