"""How the workbook of a week is written: formats, lists, sheets by class, and what a cell offers to choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from registry.engine.rosters import ClassRun
from registry.exchange.annotate import display_width, set_height
from registry.exchange.book import Book
from registry.exchange.book_words import GRID_ROWS, HEADERS, SHEETS, said

PAPER_A4 = 9
LINE_HEIGHT = 12
"""Points that a line of a sheet by class takes."""
MOST_COLUMNS = 10
"""A sheet by class with more columns is printed two pages wide: one would be too small to read."""

Look = str
GridCell = tuple[str, Look]
GridRow = tuple[str, list[GridCell]]
"""What the row holds (a code of GRID_ROWS) and its cells."""


class Pen:
    """Writes on sheets. Every text is a text: nothing that a cell holds is ever taken for a formula."""

    def __init__(self, target: xlsxwriter.Workbook, book: Book) -> None:
        self.target, self.book, self.labels = target, book, book.labels
        # "@" and the quote keep a text a text also when somebody edits its cell.
        text: dict[str, object] = {"num_format": "@", "quote_prefix": True, "valign": "top", "text_wrap": True}
        grid = {**text, "border": 1, "border_color": "#9AA8A1", "font_size": 9}
        self.formats: dict[str, Format] = {
            "text": target.add_format(text),
            "number": target.add_format({"valign": "top"}),
            "head": target.add_format({**text, "bold": True, "bottom": 2, "bg_color": "#E4E8E6"}),
            "title": target.add_format({"bold": True, "font_size": 16}),
            "grid": target.add_format(grid),
            "first": target.add_format({**grid, "top": 2, "bold": True, "text_wrap": False, "shrink": True}),
            "again": target.add_format({**grid, "font_color": "#8A948F", "text_wrap": False, "shrink": True}),
            "closed": target.add_format({**grid, "bg_color": "#D5D9D7"}),
            "open": target.add_format({**grid, "bg_color": "#FFE3E0", "pattern": 16, "fg_color": "#C96A60"}),
            "gap": target.add_format({**grid, "bold": True, "italic": True, "bottom": 2}),
        }

    def new_sheet(self, code: str) -> Worksheet:
        """An empty sheet that prints on A4, as wide as the paper."""
        made = self.target.add_worksheet(said(SHEETS[code], self.book.language))
        made.set_paper(PAPER_A4)
        made.set_landscape()
        made.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        made.fit_to_pages(1, 0)
        made.set_footer(f"&L&8{self.book.footer.replace('&', '&&')}&R&8&A  &P/&N")
        return made

    def by_class(
        self, sheet: Worksheet, columns: list[str], width: int, rows: Callable[[ClassRun], list[GridRow]]
    ) -> None:
        """A sheet of some rows a class, with its name and what the row holds before the cells."""
        language = self.book.language
        heads = [said(HEADERS["class_run"], language), said(HEADERS["row"], language), *columns]
        for column, text in enumerate(heads):
            sheet.write_string(0, column, text, self.formats["head"])
        sheet.set_row(0, 44)
        sheet.set_column(0, 0, 38)
        sheet.set_column(1, 1, 18)
        sheet.set_column(2, len(columns) + 1, width)
        last = 0
        for run in self.book.classes:
            for number, (kind, cells) in enumerate(rows(run)):
                last += 1
                lines = max((-(-display_width(text) // (width - 1)) for text, _ in cells), default=1)
                sheet.set_row(last, LINE_HEIGHT * max(1, lines) + 3)
                self._grid_row(sheet, last, run, (kind, cells), is_first=number == 0)
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, 1)
        sheet.fit_to_pages(2 if len(columns) > MOST_COLUMNS else 1, 0)
        sheet.autofilter(0, 0, max(1, last), 1)

    def _grid_row(self, sheet: Worksheet, row: int, run: ClassRun, held: GridRow, *, is_first: bool) -> None:
        kind, cells = held
        look = "first" if is_first else "gap" if kind == "gap" else "again"
        sheet.write_string(row, 0, self.labels.class_run.of(run.id), self.formats[look])
        sheet.write_string(row, 1, said(GRID_ROWS[kind], self.book.language), self.formats[look])
        for column, (text, style) in enumerate(cells, start=2):
            if text:
                sheet.write_string(row, column, text, self.formats[style])
            else:
                sheet.write_blank(row, column, None, self.formats[style])
        self.choose(sheet, (row, 2, row, len(cells) + 1), self._choice(run, kind))

    def _choice(self, run: ClassRun, kind: str) -> str:
        """What may stand in a row of a class."""
        if kind == "gap":
            return ""
        if kind == "room":
            return self._site_rooms(run)
        return self.all("courses" if kind == "course" else "volunteers")

    def entries(self, sheet: Worksheet, columns: Mapping[str, int], rows: Iterable[Sequence[str | int]]) -> None:
        """A list: a header that stays in sight, one entry a row."""
        last = 1
        for column, (code, width) in enumerate(columns.items()):
            sheet.write_string(0, column, said(HEADERS[code], self.book.language), self.formats["head"])
            sheet.set_column(column, column, width, self.formats["text"])
        for last, cells in enumerate(rows, start=1):
            for column, cell in enumerate(cells):
                if isinstance(cell, int):
                    sheet.write_number(last, column, cell, self.formats["number"])
                else:
                    sheet.write_string(last, column, cell, self.formats["text"])
            set_height(sheet, last, zip(map(str, cells), columns.values(), strict=True))
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, last, len(columns) - 1)

    def all(self, code: str) -> str:
        """The cells of a sheet of what there is, for a choice."""
        counts = {
            "volunteers": len(self.labels.volunteer.names),
            "classes": len(self.labels.class_run.names),
            "segments": len(self.labels.segment.names),
            "slots": len(self.labels.slot.names),
            "courses": len(self.labels.course.names),
            "rooms": len(self.labels.room.names),
        }
        return self._range(code, 0, counts[code])

    def _site_rooms(self, run: ClassRun) -> str:
        """The rooms of the class's site alone; they stand together."""
        before = 0
        for site in self.book.part.sites:
            if site.id == run.site:
                return self._range("rooms", before, len(site.rooms))
            before += len(site.rooms)
        return ""

    def _range(self, code: str, before: int, count: int) -> str:
        name = said(SHEETS[code], self.book.language).replace("'", "''")
        return f"='{name}'!$A${before + 2}:$A${before + count + 1}" if count else ""

    def choose(self, sheet: Worksheet, cells: tuple[int, int, int, int], source: str | Sequence[str]) -> None:
        """Offer a list. Something else may be written: the reader says what it does not understand."""
        if source:
            sheet.data_validation(*cells, {"validate": "list", "source": source, "error_type": "warning"})
