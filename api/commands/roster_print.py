"""`qingzai roster print`: the sheets of a week as one PDF, with full names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from api import speak
from api.commands.console import INTERRUPTED, err, refusals
from api.commands.files import write_bytes
from api.commands.weeks import MadeWeek, chosen, made_week, output
from api.speak.commands import counted, line
from api.speak.language import Language
from registry import clock
from registry.errors import NotFound, Refused
from registry.rostering.week_cards import Card
from registry.rostering.week_rows import ClassRow, SiteRow
from registry.rostering.week_sheets import by_grade, by_name, door_sheets

if TYPE_CHECKING:
    from api.prints.press import OnSheets, Paper, Template


@dataclass(frozen=True)
class Choice:
    """What to print, and how. Empty tuples mean all."""

    what: Template
    sites: tuple[str, ...]
    classes: tuple[str, ...]
    days: tuple[str, ...]
    volunteers: tuple[str, ...]
    paper: Paper
    language: Language
    progress: bool | None


def run(week: str, out: Path | None, choice: Choice) -> None:
    """Print and say where; exit 2 where there is no such week, site, class, day or volunteer, 3 after Ctrl-C."""
    with refusals(), made_week(week) as made:
        path = output(out, f"week-{made.week.monday.isoformat()}-{choice.what}.pdf")
        data = _data(made, choice)
        if not data["sheets"]:
            raise Refused("nothing_to_print", week=made.week.monday.isoformat())
        try:
            _print(choice, data, path)
        except KeyboardInterrupt:
            err(line("print_interrupted", speak.from_environment()))
            raise typer.Exit(INTERRUPTED) from None


def _print(choice: Choice, data: dict[str, Any], path: Path) -> None:
    from api.prints.press import printed

    language = speak.from_environment()
    sheets = len(data["sheets"])
    with _progress(language, sheets, shown=choice.progress) as told:
        made = printed(choice.what, data, told)
    write_bytes(made.pdf, path)
    for character, times in sorted(made.missing.items()):
        err(line("no_glyph", language, character=character, point=f"U+{ord(character):04X}", n=times))
    err(counted("printed", sheets, language, path=path))


def _data(made: MadeWeek, choice: Choice) -> dict[str, Any]:
    from api.prints import overview, sheets

    week, edition = made.week, sheets.Edition(choice.paper, choice.language, clock.now())
    if choice.what == "district":
        return overview.district(week, edition)
    if choice.what == "volunteer":
        return sheets.cards(week, edition, _cards(made, choice), made.places)
    if choice.what == "site":
        return sheets.timetables(week, edition, _sites(made, choice))
    return sheets.doors(week, edition, door_sheets(week.view, _classes(made, choice), _weekdays(made, choice)))


def _sites(made: MadeWeek, choice: Choice) -> tuple[SiteRow, ...]:
    """The sites that were asked for, else all that have classes."""
    view, monday = made.week.view, made.week.monday
    asked = [chosen(view.sites, wanted, "site_unknown", monday) for wanted in choice.sites]
    return tuple(asked) or by_name(site for site in view.sites if site.classes)


def _classes(made: MadeWeek, choice: Choice) -> tuple[ClassRow, ...]:
    """The classes that were asked for, else those of the sites that were, else all."""
    view, monday = made.week.view, made.week.monday
    asked = [chosen(view.classes, wanted, "class_unknown", monday) for wanted in choice.classes]
    return tuple(asked) or by_grade(row for site in _sites(made, choice) for row in site.classes)


def _weekdays(made: MadeWeek, choice: Choice) -> set[int] | None:
    """The weekdays of the dates that were asked for; None for all.

    Raises:
        NotFound: `day_unknown`, with the days of the week that there are.
    """
    days = {day.date.isoformat(): day.weekday for day in made.week.view.days}
    for wanted in choice.days:
        if wanted not in days:
            raise NotFound("day_unknown", day=wanted, days=list(days))
    return {days[wanted] for wanted in choice.days} or None


def _cards(made: MadeWeek, choice: Choice) -> list[Card]:
    """Those who were asked for, else everybody with something to do, at these sites where any were asked for."""
    week, monday = made.week, made.week.monday
    if choice.volunteers:
        return [card_of(made, wanted, monday) for wanted in choice.volunteers]
    here = {site.id for site in _sites(made, choice)}
    return [card for card in week.cards.values() if card.sites & here]


def card_of(made: MadeWeek, wanted: str, monday: date) -> Card:
    """The card of a volunteer by number or name, an empty one for somebody with nothing to do.

    Raises:
        NotFound: `volunteer_unknown`.
        Refused: `name_shared`.
    """
    row = chosen(made.week.volunteers, wanted, "volunteer_unknown", monday)
    return made.week.cards.get(row.id) or Card(row.id, row.name, row.is_adult, ())


@contextmanager
def _progress(language: Language, sheets: int, *, shown: bool | None) -> Iterator[OnSheets]:
    """How many sheets are laid out: a bar in a terminal, else lines where they are asked for."""
    import sys

    is_terminal = sys.stderr.isatty()
    if not (is_terminal if shown is None else shown):
        yield lambda done, of: None
    elif not is_terminal:
        yield lambda done, of: err(line("laid_out", language, n=done, of=of))
    else:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(line("laying_out", language), total=sheets)
            yield lambda done, of: bar.update(task, completed=done)
