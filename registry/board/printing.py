"""A board or what is published, with whole names, for the paper of those who work with it."""

from __future__ import annotations

from datetime import date
from importlib.metadata import version

from sqlmodel import Session

from registry.accounts.permissions import Action, Actor, Subject, may, require
from registry.board.boards import the_board
from registry.duties.publish import number_of
from registry.engine.rosters import costed
from registry.errors import NotFound
from registry.rostering.editions import BOARD, DraftLine
from registry.rostering.week_rows import SiteRow
from registry.rostering.week_store import StoredWeek, WeekStore


def week_to_print(session: Session, store: WeekStore, actor: Actor, monday: date, *, is_board: bool) -> StoredWeek:
    """The board of a week as it stands, or else what everybody is shown of the week; the store has whole names.

    Raises:
        NotAllowed: for who may change no site. NotFound: `board_unknown`, `week_without_draft`.
    """
    require(actor, Action.MANAGE_ROSTER)
    if not is_board:
        return store.week(session, monday)
    board = the_board(session, monday)
    line = DraftLine(
        board.revision, monday, "board", board.seed, 0, 0.0, version("qingzai"), board.opened_at, board.changed_at,
        None, BOARD,
    )  # fmt: skip
    return store.made(line, board.problem_json, lambda: costed(board.problem_json, board.roster_json, board.seed))


def sites_in_book(week: StoredWeek, actor: Actor) -> frozenset[str] | None:
    """The sites that stand in somebody's workbook of a week: their own; None for all."""
    own = frozenset(s.id for s in week.problem.sites if may(actor, Action.MANAGE_ROSTER, _at(s.id)))
    return None if len(own) == len(week.problem.sites) else own


def sites_to_print(week: StoredWeek, actor: Actor, site: str = "") -> tuple[SiteRow, ...]:
    """The sites with classes that somebody may print, or the one of them that is asked for.

    Raises:
        NotFound: `site_unknown`, also for a site of somebody else's.
    """
    own = tuple(row for row in week.view.sites if row.classes and may(actor, Action.MANAGE_ROSTER, _at(row.id)))
    found = tuple(row for row in own if not site or row.id == site)
    if site and not found:
        raise NotFound("site_unknown", id=site, week=week.monday.isoformat())
    return found


def _at(site: str) -> Subject:
    return Subject(site_ids=frozenset({number_of(site)}))
