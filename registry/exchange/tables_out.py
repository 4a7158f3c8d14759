"""Lists handed out as spreadsheets: texts stay texts, and nothing that somebody typed becomes a formula."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from registry.exchange.annotate import display_width

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Signs of full width are among them: a spreadsheet set to Chinese takes them for the others."""
BOM = "\ufeff"
"""Without it Excel reads a CSV file in the system's own encoding."""
WIDEST, NARROWEST = 50, 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list: its title, headers and rows, and `notes` below the rows."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()


def list_book(title: str, headers: Sequence[str], rows: Sequence[Sequence[object]], notes: Sequence[str] = ()) -> bytes:
    """A workbook with one sheet: the header in row 1, every cell a text. `notes` stand below the rows."""
    return lists_book(Sheet(title, headers, rows, notes))


def lists_book(*sheets: Sheet) -> bytes:
    """A workbook of several such sheets."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})  # Equal lists give equal files.
        bold, plain = book.add_format({"bold": True, "bg_color": "#E3F1EB"}), book.add_format({"num_format": "@"})
        for one in sheets:
            _fill(book.add_worksheet(one.title[:31]), one, bold, plain)
    return out.getvalue()


def _fill(sheet: Any, its: Sheet, bold: Any, plain: Any) -> None:
    for column, header in enumerate(its.headers):
        longest = max([display_width(header), *(display_width(str(row[column])) for row in its.rows)])
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, longest + 2)), plain)
        sheet.write_string(0, column, header, bold)
    for number, row in enumerate(its.rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, str(value), plain)
    for number, note in enumerate(its.notes, start=len(its.rows) + 2):
        sheet.write_string(number, 0, note)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(its.rows)), max(0, len(its.headers) - 1))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def list_csv(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """The same as CSV in UTF-8 with BOM. What a spreadsheet would take for a formula gets an apostrophe before it."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([_harmless(str(value)) for value in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
