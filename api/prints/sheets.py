"""What stands on the four kinds of sheets, in words, from the views of a week. `templates/print/` says how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from api.prints.press import Paper
from api.speak import prints as speak
from api.speak import weeks as week_words
from api.speak.language import Language
from registry.rostering.week_cards import Card, Stay
from registry.rostering.week_rows import Cell, ClassRow, SiteRow
from registry.rostering.week_sheets import DoorSheet, HourRow, by_grade, hour_rows
from registry.rostering.week_store import StoredWeek

Data = dict[str, Any]


@dataclass(frozen=True)
class Edition:
    """How a week is printed: on which paper, in which language, when, with which names."""

    paper: Paper
    language: Language
    at: datetime
    is_masked: bool = False


def timetables(week: StoredWeek, edition: Edition, sites: Iterable[SiteRow]) -> Data:
    """A sheet a site: its classes, each with a row a part of the day and a column a weekday."""
    return document(week, edition, "site", [_timetable(week, edition.language, site) for site in sites])


def doors(week: StoredWeek, edition: Edition, found: Iterable[DoorSheet]) -> Data:
    """A sheet a class and day."""
    return document(week, edition, "door", [_door(sheet, edition.language) for sheet in found])


def cards(week: StoredWeek, edition: Edition, found: Iterable[Card], places: Mapping[str, str]) -> Data:
    """A sheet a volunteer; `places` are addresses by site id."""
    return document(week, edition, "volunteer", [_card(card, edition.language, places) for card in found])


def document(week: StoredWeek, edition: Edition, kind: str, sheets: list[Data]) -> Data:
    """What every document has: paper, fixed texts, the week, the footer."""
    language, draft = edition.language, week.draft
    days = [day.date for day in week.view.days] or [week.monday]
    # The numbers of a page are known to the typesetter alone: it puts them between the halves of this sentence.
    page = speak.line("page", language, page="\0", pages="\0").split("\0")
    span, say = speak.week_span(days, language), speak.labels(language)
    return {
        "title": f"{say[kind]} {span}",
        "paper": edition.paper,
        "language": language,
        "kind": kind,
        "say": say,
        "week": span,
        "version": speak.edition(draft.kind, draft.id, draft.finished_at, draft.version, language),
        "printed": speak.printed_at(edition.at, language),
        "page": page,
        "masked": edition.is_masked,
        "sheets": sheets,
    }


def _timetable(week: StoredWeek, language: Language, site: SiteRow) -> Data:
    facts = [speak.line("rooms", language, rooms=list(site.rooms))] if site.rooms else []
    return {
        "title": site.name,
        "facts": facts,
        "days": [list(speak.day_head(day.date, language)) for day in week.view.days],
        "classes": [_class_week(week, language, row) for row in by_grade(site.classes)],
    }


def _class_week(week: StoredWeek, language: Language, row: ClassRow) -> Data:
    return {
        "name": speak.class_title(row, language),
        "facts": speak.class_facts(row, language),
        "gaps": [asdict(lack) for lack in speak.sums(row, language)],
        "rows": [_hour_row(language, row, hours) for hours in hour_rows(week.view, row)],
    }


def _hour_row(language: Language, row: ClassRow, hours: HourRow) -> Data:
    part, span = speak.part_hours(hours.part, hours.start, hours.end, language)
    cells = (None if at is None else row.cells[at] for at in hours.columns)
    return {"part": part, "hours": span, "cells": [cell and _cell(cell, language) for cell in cells]}


def _cell(cell: Cell, language: Language) -> Data:
    on_duty = {person.id for person in cell.people}
    return {
        "level": cell.level,
        "people": [{"name": p.name, "lead": p.is_lead, "minor": not p.is_adult} for p in cell.people],
        "gap": speak.cell_gap(cell, language),
        "count": f"{cell.adults}/{cell.need}",
        "lessons": [
            {
                "start": week_words.clock(x.start),
                "hours": speak.span(x.start, x.end),
                "course": x.course or speak.line("open", language),
                "who": x.instructor or "",
                "visits": x.instructor_id is not None and x.instructor_id not in on_duty,
                "room": x.room or "",
                "open": x.course is None,
            }
            for x in cell.lessons
        ],
    }


def _door(sheet: DoorSheet, language: Language) -> Data:
    row = sheet.row
    weekday, _ = speak.day_head(sheet.day.date, language)
    need = max(cell.need for _, cell in sheet.cells)
    parts = []
    for column, cell in sheet.cells:
        part, span = speak.part_hours(column.part, column.start, column.end, language)
        parts.append({"part": part, "hours": span, **_cell(cell, language)})
    return {
        "title": row.site_name,
        "name": speak.class_title(row, language),
        "facts": [
            *speak.more_grades(row.name, row.grades, language),
            speak.counted("children", row.children, language),
            speak.line("need", language, n=need),
        ],
        "weekday": weekday,
        "date": speak.date_only(sheet.day.date, language),
        "parts": parts,
    }


def _card(card: Card, language: Language, places: Mapping[str, str]) -> Data:
    blocks = card.blocks
    return {
        "title": card.name,
        "id": card.id,
        "facts": [speak.counted("engaged", len(blocks), language)],
        "minor": not card.is_adult,
        "stays": [_stay(stay, language, places) for stay in blocks],
    }


def _stay(stay: Stay, language: Language, places: Mapping[str, str]) -> Data:
    weekday, day = speak.day_head(stay.date, language)
    facts = [
        *speak.more_grades(stay.class_name, stay.grades, language),
        speak.counted("children", stay.children, language),
    ]
    return {
        "weekday": weekday,
        "day": day,
        "hours": speak.span(stay.start, stay.end),
        "site": stay.site_name,
        "address": places.get(stay.site, ""),
        "class_name": stay.class_name or week_words.grades(stay.grades, language),
        "facts": facts,
        "role": week_words.word("role", stay.role, language),
        "lead": stay.role == "lead",
        "lessons": [
            {"hours": speak.span(x.start, x.end), "course": x.course, "room": x.room or ""} for x in stay.lessons
        ],
        "others": list(stay.others),
    }
