"""`qingzai roster ical`: a volunteer's week for a calendar, with full names."""

from __future__ import annotations

from pathlib import Path

from api import speak
from api.commands.console import err, refusals
from api.commands.files import write_bytes
from api.commands.roster_print import card_of
from api.commands.weeks import made_week, output
from api.speak.commands import line
from api.speak.language import Language


def run(week: str, volunteer: str, out: Path | None, language: Language) -> None:
    """Write the calendar; exit 2 where there is no such week or volunteer."""
    from api.prints.calendar import calendar

    with refusals(), made_week(week) as made:
        card = card_of(made, volunteer, made.week.monday)
        path = output(out, f"week-{made.week.monday.isoformat()}-{card.id}.ics")
        write_bytes(calendar(card, made.week.draft, made.places, language), path)
    err(line("written", speak.from_environment(), path=path))
