"""The cheapest ways to fill a place, each as one change of the board: found with the solver's own model, judged like
every other change."""

from __future__ import annotations

from dataclasses import dataclass

from registry.accounts.permissions import Action, Subject, require
from registry.board.desk import BoardView
from registry.board.edits import first_day, judged_step
from registry.board.steps import Wanted, require_future, require_sites, step_for
from registry.duties.publish import number_of
from registry.engine.boards import Entry, Step, write_entry
from registry.engine.rosters import Answer, Change, explain
from registry.errors import NotAllowed, NotFound, Refused, RegistryError
from registry.rostering.week_why import without_uncleared

DATA, ELSEWHERE, OVER = "data", "elsewhere", "over"


@dataclass(frozen=True, slots=True)
class Fix:
    """What would come of a way to fill a place: `works`; `reason`, a written one is needed; else nothing can be done
    about it here: `data`, something about people or classes has to be different first; `elsewhere`, it touches a site
    that the reader may not change; `over`, a day that is over. `wanted` is the change, None where it cannot be done."""

    outcome: str
    rules: tuple[str, ...] = ()
    wanted: Wanted | None = None


@dataclass(frozen=True, slots=True)
class Fixes:
    """The answer, and for each of its wants what would come of each of its changes."""

    answer: Answer
    fixes: tuple[tuple[Fix, ...], ...]


def see_fixes(view: BoardView, class_run: str, place: str) -> Fixes:
    """What would fill a place of a class that the actor may change most cheaply; nobody unchecked is named.

    Raises:
        NotFound: `place_unknown`.
    """
    problem, run = view.position.problem, view.position.problem.class_run.get(class_run)
    if run is None or place not in (*run.segments, *run.slots):
        raise NotFound("place_unknown", id=place, week=problem.week)
    require(view.actor, Action.MANAGE_ROSTER, Subject(site_ids=frozenset({number_of(run.site)})))
    which = {"slot": place} if place in run.slots else {"segment": place}
    answer = without_uncleared(explain(problem, view.position.roster, class_run=class_run, **which), problem)
    return Fixes(answer, tuple(tuple(_fix(view, change) for change in want.changes) for want in answer.wants))


def _fix(view: BoardView, change: Change) -> Fix:
    gone: list[Entry] = [*change.removed.duties, *change.removed.lessons]
    come: list[Entry] = [*change.added.duties, *change.added.lessons]
    wanted = together(gone, come)
    try:
        step = step_for(view.position, wanted)
    except RegistryError:  # Nobody has to move: what would have to be different is no entry.
        return Fix(DATA)
    if (barred := _barred(view, step)) is not None:
        return Fix(barred)
    judged = judged_step(view.position, step, wanted.kind)
    if judged.outcome not in ("works", "reason"):
        return Fix(DATA, judged.rules)
    return Fix(judged.outcome, judged.rules, wanted)


def _barred(view: BoardView, step: Step) -> str | None:
    try:
        require_sites(view.actor, view.position.problem, step)
        require_future(view.board, view.position.problem, step, first_day(view.session))
    except NotAllowed:
        return ELSEWHERE
    except Refused:
        return OVER
    return None


def together(gone: list[Entry], come: list[Entry]) -> Wanted:
    """Entries that go and entries that come, as one change."""
    return Wanted(
        "fix", {}, gone=tuple(write_entry(e) for e in sorted(gone, key=repr)),
        come=tuple(write_entry(e) for e in sorted(come, key=repr)),
    )  # fmt: skip
