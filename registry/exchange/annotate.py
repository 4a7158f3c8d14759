"""The workbook handed back: every sheet and row in its place, with the reasons beside the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple
from datetime import date, datetime, time, timedelta
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from python_calamine import CalamineSheet
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from registry.errors import Refused
from registry.exchange.cells import Cell, shown
from registry.exchange.columns import ADVICE_HEADER, SHEETS, SUMMARY_SHEET, SheetShape
from registry.exchange.report import ImportProblem, ImportReport, Severity
from registry.exchange.sheets import header_rows, open_workbook, read_sheet

Speak = Callable[[ImportProblem], str]
"""Makes a sentence of a problem."""

COLOURS: dict[Severity, str] = {"error": "#F8CBAD", "warning": "#FFE699", "note": "#DDEBF7"}
SEVERITY_WORDS: dict[Severity, str] = {"error": "错误", "warning": "警告", "note": "提示"}
WORST_FIRST: tuple[Severity, ...] = ("error", "warning", "note")
LINE_HEIGHT = 15
"""Points that a line of text takes. Heights are set: not every program makes room for wrapped texts by itself."""
ADVICE_WIDTH = 60
PAGE_WIDTH = 200
"""So wide is what is still read easily on A4 across: some seven points high."""
SUMMARY_WIDTHS = (10, 8, 20, 30, 8, 80)
MOST_LINKS = 50_000
"""Excel takes so many links on a sheet, and some more."""
_COUNT_HEADERS = ("工作表", "读取", "新增", "更新", "未变", "跳过")
_LIST_HEADERS = ("工作表", "行", "列", "内容", "程度", ADVICE_HEADER)


def annotated_copy(
    path: Path, report: ImportReport, out: Path, speak: Speak, shapes: Sequence[SheetShape] = SHEETS
) -> None:
    """Write to `out` a copy of the workbook at `path` that shows the report in place.

    Rows and columns stay where they are. Rows with problems are coloured by the worst of them, and a column
    behind the last one says what `speak` makes of each; the first sheet sums up. Texts stay texts, so that
    a cell such as "=1+1" does nothing. The copy can be mended and imported as it is. `shapes` are the sheets that the
    import read.

    Raises:
        WorkbookRefused: the file at `path` is no workbook.
        Refused: `copy_unwritable`, with the file and the reason.
    """
    try:
        _write(path, report, out, speak, shapes)
    except (FileCreateError, OSError) as error:
        cause = error.args[0] if isinstance(error, FileCreateError) and error.args else error
        reason = getattr(cause, "strerror", None) or str(cause)
        raise Refused("copy_unwritable", file=str(out), reason=reason) from error


def _write(path: Path, report: ImportReport, out: Path, speak: Speak, shapes: Sequence[SheetShape]) -> None:
    # A constant date of creation: equal workbooks and reports give equal files.
    with open_workbook(path) as source, xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as target:
        target.set_properties({"created": datetime(2026, 1, 1)})
        styles = Styles(target)
        _summary(target.add_worksheet(SUMMARY_SHEET), styles, report, speak)
        headers = header_rows(source, shapes)
        for name in source.sheet_names:
            if name != SUMMARY_SHEET:
                problems = [p for p in report.problems if p.sheet == name]
                copy = SheetCopy(target.add_worksheet(name), styles, *read_sheet(source, name))
                copy.write(headers.get(name, 0), problems, speak)


class Styles:
    """The few formats of the copy, one for each colour and kind of value."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, bool, str], Format] = {}
        self.title = workbook.add_format({"bold": True, "font_size": 14, "align": "center"})
        self.count = workbook.add_format({"align": "left"})

    def get(self, colour: str = "", *, bold: bool = False, number: str = "") -> Format:
        """A format with this background, weight and number format."""
        if (colour, bold, number) not in self._made:
            wanted: dict[str, object] = {"bold": bold, "text_wrap": True, "valign": "top"}
            wanted |= {"bg_color": colour, "border": 1} if colour else {}
            wanted |= {"num_format": number} if number else {}
            self._made[colour, bold, number] = self._workbook.add_format(wanted)
        return self._made[colour, bold, number]

    def head(self) -> Format:
        """Of the row that names the columns."""
        return self.get("#E4E8E6", bold=True, number="@")

    def link(self, colour: str) -> Format:
        """Like `get`, underlined."""
        if (colour, False, "link") not in self._made:
            wanted = {"valign": "top", "bg_color": colour, "border": 1, "underline": 1, "font_color": "#0563C1"}
            self._made[colour, False, "link"] = self._workbook.add_format({**wanted, "align": "left"})
        return self._made[colour, False, "link"]

    def of(self, severity: Severity | None, cell: Cell = "") -> Format:
        """The format of a cell in a row with that worst problem."""
        number = {datetime: "yyyy-mm-dd", date: "yyyy-mm-dd", str: "@"}.get(type(cell), "")
        return self.get(COLOURS[severity] if severity else "", number=number)


class SheetCopy:
    """One sheet of the copy."""

    def __init__(self, target: Worksheet, styles: Styles, source: CalamineSheet, rows: list[list[Cell]]) -> None:
        self._target, self._styles = target, styles
        self._rows = rows
        self._merged = source.merged_cell_ranges or []
        self._width = max((len(row) for row in self._rows), default=0)

    def write(self, header_row: int, problems: list[ImportProblem], speak: Speak) -> None:
        """All rows as they were, and the reasons behind them; `header_row` counts from 1, 0 is none."""
        by_row: dict[int, list[ImportProblem]] = defaultdict(list)
        for problem in problems:
            by_row[problem.row].append(problem)
        advice = self._advice_column(header_row)
        widths = self._widths(header_row)
        for number, row in enumerate(self._rows, start=1):
            several = by_row[number]
            look = self._styles.head() if number == header_row else None
            self._write_row(number, row, advice, several, look)
            reasons = "\n".join(speak(problem) for problem in several)
            if several:
                self._target.write_string(number - 1, advice, reasons, self._styles.of(_worst(several)))
            own = zip(map(shown, row), widths, strict=False) if number >= header_row else ()  # Titles are merged cells.
            set_height(self._target, number - 1, [*own, (reasons, ADVICE_WIDTH)])
        if header_row:
            self._target.write_string(header_row - 1, advice, ADVICE_HEADER, self._styles.head())
            # The second column names the row: it stays in sight beside the reasons, which are far to the right.
            self._target.freeze_panes(header_row, 2)
            self._target.autofilter(header_row - 1, 0, max(header_row, len(self._rows)) - 1, advice)
            self._target.repeat_rows(header_row - 1)
            self._target.repeat_columns(0, 1)
        _fit_paper(self._target, sum(widths) + ADVICE_WIDTH)
        self._lay_out(widths, advice)

    def _advice_column(self, header_row: int) -> int:
        """Behind the last column; where an earlier copy left its own, that one is written anew."""
        headers = [shown(cell).strip() for cell in self._rows[header_row - 1]] if header_row else []
        return headers.index(ADVICE_HEADER) if ADVICE_HEADER in headers else self._width

    def _write_row(
        self, number: int, row: list[Cell], advice: int, problems: list[ImportProblem], look: Format | None
    ) -> None:
        worst = _worst(problems)
        for column, cell in enumerate(row):
            if column != advice:
                write_cell(self._target, number - 1, column, cell, look or self._styles.of(worst, cell))

    def _widths(self, header_row: int) -> list[int]:
        """Columns as wide as what stands in them, the header too: a longer text goes on in a second line."""
        body = self._rows[max(0, header_row - 1) :]
        longest = (max((display_width(shown(row[at])) for row in body), default=0) for at in range(self._width))
        return [min(40, max(6, width + 2)) for width in longest]

    def _lay_out(self, widths: list[int], advice: int) -> None:
        """Merged titles and the widths of columns."""
        for first, last in self._merged:
            if first != last:
                title = shown(self._rows[first[0]][first[1]])
                self._target.merge_range(*first, *last, title, self._styles.title)
        for column, width in enumerate(widths):
            self._target.set_column(column, column, width)
        self._target.set_column(advice, advice, ADVICE_WIDTH)


def write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, style: Format) -> None:
    """A value as the kind it is: texts never become formulas, links or numbers."""
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, style)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell, style)
    elif isinstance(cell, datetime | date | time | timedelta):
        sheet.write_datetime(row, column, cell, style)
    elif cell:
        sheet.write_string(row, column, cell, style)
    else:
        sheet.write_blank(row, column, None, style)


def _summary(sheet: Worksheet, styles: Styles, report: ImportReport, speak: Speak) -> None:
    """Counts by sheet, then every problem in words, worst first."""
    bold = styles.get(bold=True)
    _write_line(sheet, 0, _COUNT_HEADERS, bold)
    for line, count in enumerate(report.counts, start=1):
        _write_line(sheet, line, astuple(count), styles.count)
    start = len(report.counts) + 2
    totals = report.by_severity()
    words = [f"{SEVERITY_WORDS[severity]} {totals[severity]}" for severity in WORST_FIRST]
    _write_line(sheet, start, words, bold)
    _write_line(sheet, start + 1, _LIST_HEADERS, styles.head())
    ranked = sorted(report.problems, key=lambda p: WORST_FIRST.index(p.severity))
    for line, p in enumerate(ranked, start=start + 2):
        cells = (p.sheet, p.row, p.column, p.value, SEVERITY_WORDS[p.severity], speak(p))
        _write_line(sheet, line, cells, styles.get(COLOURS[p.severity]))
        set_height(sheet, line, zip(map(str, cells), SUMMARY_WIDTHS, strict=True))
        if line < MOST_LINKS:  # a click on the row's number leads there
            sheet.write_url(line, 1, _link(p))
            sheet.write_number(line, 1, p.row, styles.link(COLOURS[p.severity]))
    if ranked:
        sheet.repeat_rows(start + 1)
        sheet.autofilter(start + 1, 0, start + 1 + len(ranked), len(_LIST_HEADERS) - 1)
    _fit_paper(sheet, sum(SUMMARY_WIDTHS))
    for column, width in enumerate(SUMMARY_WIDTHS):
        sheet.set_column(column, column, width)


def _fit_paper(sheet: Worksheet, width: int) -> None:
    """Printed, all columns stand on one sheet of paper, or on a few side by side where one would be too small to read.

    Each page says which sheet it is of.
    """
    sheet.set_footer("&L&8&A&R&8&P/&N")
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(max(1, round(width / PAGE_WIDTH)), 0)


def _link(problem: ImportProblem) -> str:
    """The place of a problem in this workbook. In the name of a sheet a quotation mark is doubled."""
    name = problem.sheet.replace("'", "''")
    return f"internal:'{name}'!A{problem.row}"


def _write_line(sheet: Worksheet, row: int, cells: Iterable[Cell], style: Format) -> None:
    for column, cell in enumerate(cells):
        write_cell(sheet, row, column, cell, style)


def _worst(problems: list[ImportProblem]) -> Severity | None:
    found = {problem.severity for problem in problems}
    return next((severity for severity in WORST_FIRST if severity in found), None)


def set_height(sheet: Worksheet, row: int, cells: Iterable[tuple[str, int]]) -> None:
    """Make a row as high as its wrapped texts need; `cells` are texts and the widths of their columns."""
    lines = max((lines_of(text, width) for text, width in cells), default=1)
    if lines > 1:
        sheet.set_row(row, LINE_HEIGHT * lines)


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a column. Words are kept whole, so that a little of each line is lost."""
    room = max(1, width - 2)
    return sum(max(1, -(-display_width(line) // room)) for line in text.split("\n"))


def display_width(text: str) -> int:
    """Columns that a text takes: two for a Chinese character."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
