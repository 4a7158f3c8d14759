"""Lists handed out as spreadsheets: texts stay texts, and nothing that somebody typed becomes a formula."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO, StringIO

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from registry.exchange.annotate import display_width

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Signs of full width are among them: a spreadsheet set to Chinese takes them for the others."""
BOM = "\ufeff"
"""Without it Excel reads a CSV file in the system's own encoding."""
WIDEST, NARROWEST = 50, 8


def list_book(title: str, headers: Sequence[str], rows: Sequence[Sequence[object]], notes: Sequence[str] = ()) -> bytes:
    """A workbook with one sheet: the header in row 1, every cell a text. `notes` stand below the rows."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})  # Equal lists give equal files.
        sheet = book.add_worksheet(title[:31])
        bold, plain = book.add_format({"bold": True, "bg_color": "#E3F1EB"}), book.add_format({"num_format": "@"})
        for column, header in enumerate(headers):
            longest = max([display_width(header), *(display_width(str(row[column])) for row in rows)])
            sheet.set_column(column, column, min(WIDEST, max(NARROWEST, longest + 2)), plain)
            sheet.write_string(0, column, header, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.write_string(number, column, str(value), plain)
        for number, note in enumerate(notes, start=len(rows) + 2):
            sheet.write_string(number, 0, note)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, len(rows)), max(0, len(headers) - 1))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return out.getvalue()


def list_csv(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """The same as CSV in UTF-8 with BOM. What a spreadsheet would take for a formula gets an apostrophe before it."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([_harmless(str(value)) for value in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
