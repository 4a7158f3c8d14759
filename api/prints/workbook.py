"""A week as a workbook: the sentences that the registry, which speaks no language, cannot make."""

from __future__ import annotations

from api.prints.sheets import Edition
from api.speak import prints as speak
from api.speak import weeks as week_words
from registry.exchange.book import Book
from registry.exchange.book_write import week_book
from registry.programme import DOMAINS
from registry.rostering.week_gaps import week_gaps
from registry.rostering.week_store import StoredWeek


def workbook(
    week: StoredWeek, edition: Edition, sites: frozenset[str] | None = None, *, goes_back_to: str = "command"
) -> bytes:
    """The workbook of a week, editable, with its gaps and how to use it; of some sites alone, if they are named.

    `goes_back_to` says who reads it when it is edited: the `command`, or a `board`'s page.
    """
    language, draft = edition.language, week.draft
    version = speak.edition(draft.kind, draft.id, draft.finished_at, draft.version, language)
    cells = {
        (row.id, cell.segment): said
        for row in week.view.classes
        for cell in row.here
        if (said := ("，" if language == "zh" else ", ").join(speak.cell_gap(cell, language)))
    }
    about = speak.about(language, goes_back_to, is_masked=edition.is_masked)
    book = Book(
        problem=week.problem,
        roster=week.roster,
        class_names=week.class_names,
        language=language,
        draft=draft.id,
        kind=draft.kind,
        sites=sites,
        made_at=edition.at,
        gaps=[(row.id, week_words.gap(gap, language)) for row, gaps in week_gaps(week.view) for gap in gaps],
        cell_gaps=cells,
        about=[version, speak.printed_at(edition.at, language), *about],
        footer=f"{version} · {speak.printed_at(edition.at, language)}",
        domains={domain: week_words.word("domain", domain, language) for domain in DOMAINS},
    )
    return week_book(book)
