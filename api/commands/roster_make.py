"""`qingzai roster make`: the roster of a week from the database, with live progress, stored as a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import typer
from sqlalchemy import Engine
from sqlmodel import Session

from api import speak
from api.commands.console import BROKEN, INTERRUPTED, err, refusals
from api.commands.database import migrated_engine
from api.commands.interrupt import Interrupts, interrupts
from api.commands.notices import say_notices
from api.commands.progress import roster_display
from api.commands.weeks import typed_monday
from api.speak.commands import line
from api.speak.language import Language
from api.speak.refusals import refused
from api.speak.weeks import level, word
from registry.db import sessions
from registry.rostering.drafts import abandon, draft, queue_draft, solve_draft
from registry.rostering.tables import DraftStatus, RosterDraft
from registry.rostering.week_store import WeekStore
from scheduler import read_problem
from scheduler.roster.overview import overview


@dataclass(frozen=True)
class Effort:
    """How hard to try, and whether to show progress (None: in a terminal)."""

    seconds: float
    workers: int
    seed: int
    progress: bool | None


def run(week: str, effort: Effort) -> None:
    """Make and store the draft, then say how good it is; exit 2 where there is nothing to solve."""
    with refusals(), interrupts() as heard:
        monday = typed_monday(week)
        engine = migrated_engine()
        made = solve_week(engine, monday, effort, heard)
        say_week(engine, made)
        engine.dispose()
    err(line("look_at", speak.from_environment()))


def solve_week(engine: Engine, monday: date, effort: Effort, heard: Interrupts) -> RosterDraft:
    """Queue a draft and solve it. The first Ctrl-C stores the best so far, the second gives up.

    Raises:
        Refused: the week has nothing to solve; no draft is stored.
    """
    language, opened = speak.from_environment(), sessions(engine)
    with opened() as session:
        queued = draft(session, _queued(session, monday, effort))
        _say_problem(queued, language)
    assert queued.id is not None
    with roster_display(language, effort.seconds, shown=effort.progress) as display:
        work = partial(solve_draft, opened, queued.id, on_progress=display.tell, stop=heard.stop)
        try:
            made = heard.run(work)
        except KeyboardInterrupt:
            abandon(opened, queued.id)
            err(line("given_up", language))
            raise typer.Exit(INTERRUPTED) from None
    if made.status == DraftStatus.FAILED:
        failure = made.failure_json or {}
        err(refused(failure.get("code", ""), failure.get("facts", {}), language))
        raise typer.Exit(BROKEN)
    if heard.stop.is_set():
        err(line("kept_best", language))
    return made


def say_week(engine: Engine, made: RosterDraft) -> None:
    """The costs and bounds of a finished draft, in plain words."""
    language = speak.from_environment()
    assert made.id is not None
    with sessions(engine)() as session:
        stored = WeekStore().draft(session, made.id)
    least = stored.problem.policy.min_adults
    typer.echo(line("made", language, week=made.week.isoformat(), draft=made.id))
    for found in stored.view.levels:
        name = word("level", found.name, language).lower()
        said = ("" if language == "zh" else " ").join(level(found, stored.view.totals, least, language))
        typer.echo(line("level", language, name=name, said=said))


def _queued(session: Session, monday: date, effort: Effort) -> int:
    return queue_draft(session, monday, seconds=effort.seconds, workers=effort.workers, seed=effort.seed)


def _say_problem(queued: RosterDraft, language: Language) -> None:
    """How large the week is, and what no roster can mend."""
    problem = read_problem(queued.problem_json)
    found = overview(problem)
    facts = {"week": queued.week.isoformat(), "seconds": f"{queued.seconds:g}"}
    facts |= {name: str(getattr(found, name)) for name in ("classes", "sites", "volunteers", "cleared")}
    err(line("week", language, **facts))
    say_notices(problem)
