"""`qingzai roster export` and `qingzai roster reread`: a week out as a workbook, and the edited workbook back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer

from api import speak
from api.commands.console import BAD_INPUT, err, refusals
from api.commands.database import migrated_engine
from api.commands.files import check_writable, write_bytes, write_json
from api.commands.weeks import made_week, output
from api.speak import books
from api.speak.commands import counted, line
from api.speak.language import Language
from registry import clock
from registry.db import sessions
from registry.errors import Refused
from registry.exchange.book_read import BookContents, WeekBook
from registry.rostering.week_store import StoredWeek, WeekStore
from scheduler import Roster, write_roster


def export(week: str, out: Path | None, language: Language) -> None:
    """Write the workbook of a made week; exit 2 where there is none."""
    with refusals(), made_week(week) as made:
        path = output(out, f"week-{made.week.monday.isoformat()}.xlsx")

        from api.prints.sheets import Edition
        from api.prints.workbook import workbook

        write_bytes(workbook(made.week, Edition("a4", language, clock.now())), path)
    err(line("written", speak.from_environment(), path=path))


@dataclass(frozen=True)
class Reread:
    """Where the files of an edited workbook go."""

    roster: Path | None
    problem: Path | None


def reread(path: Path, out: Reread) -> None:
    """Write the roster that an edited workbook says; exit 2, and nothing written, where a cell is not understood."""
    language = speak.from_environment()
    with refusals():
        for target in (out.roster, out.problem):
            check_writable(target)
        book = WeekBook(path)
        week = _draft(book)
        contents = book.contents(week.problem, week.roster, week.class_names)
    if contents.problems:
        for problem in contents.problems:
            err(books.problem(problem, language))
        err(counted("cells_wrong", len(contents.problems), language))
        raise typer.Exit(BAD_INPUT)
    _say_changes(week, contents, language)
    with refusals():
        write_json(write_roster(contents.roster), out.roster)
        if out.problem:
            write_json(week.problem_json, out.problem)


def _draft(book: WeekBook) -> StoredWeek:
    """The draft or version that the workbook was made of, with full names."""
    engine = migrated_engine()
    try:
        with sessions(engine)() as session:
            store, facts = WeekStore(full_names=True), book.facts
            if facts.kind == "version":
                return store.week(session, date.fromisoformat(facts.week), f"v{facts.draft}")
            if facts.kind == "board":
                raise Refused("book_of_board", file=book.path.name)
            return store.draft(session, facts.draft)
    finally:
        engine.dispose()


def _say_changes(week: StoredWeek, contents: BookContents, language: Language) -> None:
    """Every entry that is new or gone, in words."""
    old, new = week.roster, contents.roster
    gone, come = _told(old, new, language), _told(new, old, language)
    for sign, entries in (("−", gone), ("+", come)):
        for text in entries:
            err(f"{sign} {text}")
    code = "reread" if week.draft.kind == "draft" else f"reread_{week.draft.kind}"
    err(line(code, language, draft=week.draft.id, gone=len(gone), come=len(come)))


def _told(some: Roster, others: Roster, language: Language) -> list[str]:
    """The entries that only the first roster has, in words."""
    duties = [speak.entry(duty, language) for duty in some.duties - others.duties]
    return sorted(duties) + sorted(speak.entry(lesson, language) for lesson in some.lessons - others.lessons)
