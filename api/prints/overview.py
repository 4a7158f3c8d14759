"""What stands on the overview of a district: what is missing first, then how every site is doing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from api.prints.sheets import Data, Edition, document
from api.speak import prints as speak
from api.speak import weeks as week_words
from api.speak.language import Language
from registry.rostering.week_gaps import Gap, shortages
from registry.rostering.week_rows import ClassRow, SiteRow
from registry.rostering.week_sheets import gaps_by_site
from registry.rostering.week_store import StoredWeek

PARTS = ("am", "noon", "pm", "evening")


def district(week: StoredWeek, edition: Edition) -> Data:
    """One sheet of some pages: figures, when people are missing, every gap, every site."""
    language, view = edition.language, week.view
    sheet = {
        "title": speak.labels(language)["district"],
        "figures": _figures(week, language),
        "levels": _levels(week, language),
        "days": [list(speak.day_head(day.date, language)) for day in view.days],
        "shortages": _shortages(week, language),
        "gaps": [_site_gaps(site, found, language) for site, found in gaps_by_site(view)],
        "sites": [_site(site, language) for site in view.sites],
    }
    return document(week, edition, "district", [sheet])


def _figures(week: StoredWeek, language: Language) -> list[list[str]]:
    view, say = week.view, speak.labels(language)
    totals = view.totals
    return [
        [f"{len(view.sites):,}", say["sites_figure"]],
        [f"{len(view.classes):,}", say["classes_figure"]],
        [f"{sum(row.children for row in view.classes):,}", say["children_figure"]],
        [f"{len(week.roster.people):,}", say["volunteers_figure"]],
        [f"{totals['need'] - totals['missing']:,}/{totals['need']:,}", say["adults"]],
        [f"{totals['slots'] - totals['open_lessons']:,}/{totals['slots']:,}", say["lessons_set"]],
    ]


def _levels(week: StoredWeek, language: Language) -> list[Data]:
    """Safety and programme in plain sentences; quality is nothing for paper."""
    least, totals = week.problem.policy.min_adults, week.view.totals
    return [
        {
            "name": week_words.word("level", level.name, language),
            "said": week_words.level(level, totals, least, language)[:1],
            "level": "green" if not level.cost else "red" if level.name == "safety" else "amber",
        }
        for level in week.view.levels
        if level.name != "quality"
    ]


def _shortages(week: StoredWeek, language: Language) -> list[Data]:
    """A row a part of the day, a cell a weekday: how many adults and leads are missing."""
    found = shortages(week.view)
    parts = sorted({item.column.part for item in found}, key=PARTS.index)
    rows = []
    for part in parts:
        cells: list[Any] = []
        for day in week.view.days:
            here = [x for x in found if (x.column.weekday, x.column.part) == (day.weekday, part)]
            missing, leads = sum(x.missing for x in here), sum(x.no_lead for x in here)
            said = [speak.line("missing", language, n=missing)] * (missing > 0)
            said += [speak.line("leads_missing", language, n=leads)] * (leads > 0)
            cells.append(said if here else None)
        rows.append({"part": week_words.word("part", part, language), "cells": cells})
    return rows


def _site_gaps(site: SiteRow, found: tuple[tuple[ClassRow, tuple[Gap, ...]], ...], language: Language) -> Data:
    return {
        "site": site.name,
        "classes": [
            {
                "name": speak.class_title(row, language),
                "sums": [asdict(lack) for lack in speak.sums(row, language)],
                "people": [_place(gap, language) for gap in gaps if gap.kind == "people"],
                "other": _others(gaps, language),
            }
            for row, gaps in found
        ],
    }


def _place(gap: Gap, language: Language) -> Data:
    """One segment in which adults or a lead are missing: 周一上午 1/2."""
    return {
        "when": speak.when(gap, language),
        "count": f"{gap.adults}/{gap.need}",
        "lead": "" if gap.has_lead else speak.line("no_lead", language),
        "grave": gap.below_minimum,
    }


def _others(gaps: tuple[Gap, ...], language: Language) -> list[str]:
    """Open lessons in one line by day, and domains in another."""
    lessons = [gap for gap in gaps if gap.kind == "lesson"]
    domains = [week_words.gap(gap, language) for gap in gaps if gap.kind == "domain"]
    said = [speak.line("open_at", language, times=speak.open_lessons(lessons, language))] if lessons else []
    return said + [speak.line("domains", language, domains=domains)] * bool(domains)


def _site(site: SiteRow, language: Language) -> Data:
    domains = sum(sum(row.missing_domains.values()) for row in site.classes)
    return {
        "site": site.name,
        "level": site.level,
        "empty": not site.classes,
        "cells": [
            f"{len(site.classes)}",
            f"{site.children}",
            f"{site.volunteers}",
            f"{site.need - site.missing}/{site.need}",
            f"{site.missing or '—'}",
            f"{site.no_lead or '—'}",
            f"{site.slots - site.open_lessons}/{site.slots}",
            f"{site.open_lessons or '—'}",
            f"{domains or '—'}",
        ],
    }
