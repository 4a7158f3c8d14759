"""Finding one's way in a workbook: which sheet is which, where its header is, which column is what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from registry.errors import WorkbookRefused
from registry.exchange.cells import Cell, CellError, has_full_width_digits, items, key, plain, shown
from registry.exchange.columns import ADVICE_HEADER, SHEETS, SheetShape
from registry.exchange.report import CODES, ImportProblem, Log, Severity

T = TypeVar("T")
MOST_UNPACKED = 300_000_000
"""Bytes that a workbook may have once it is unpacked: a small file can hold a huge one."""
HEADER_WITHIN = 15
"""A header stands within so many rows; title and note rows come before it."""


@dataclass(frozen=True)
class Sheet:
    """A sheet with its header found: `columns` maps our fields to column numbers from 0."""

    name: str
    shape: SheetShape
    header_row: int
    headers: list[str]
    columns: dict[str, int]
    rows: list[list[Cell]]

    def header(self, field: str) -> str:
        """The header of a field as it stands in the workbook, its usual name where there is none."""
        column = self.columns.get(field)
        return self.shape.aliases[field][0] if column is None else self.headers[column]

    def body(self, log: Log) -> Iterator[Row]:
        """Every row below the header that holds anything besides its running number."""
        own = [index for field, index in self.columns.items() if field != "number"]
        for index, cells in enumerate(self.rows[self.header_row :], start=self.header_row + 1):
            if any(shown(cells[i]).strip() for i in own):
                yield Row(self, index, cells, log)


class Row:
    """One row being read. What cannot be read is reported; `failed` says that it cannot be stored."""

    def __init__(self, sheet: Sheet, number: int, cells: list[Cell], log: Log) -> None:
        self.sheet, self.number, self.cells, self.log = sheet, number, cells, log
        self.failed = False

    def cell(self, field: str) -> Cell:
        """The cell of a field, empty where the workbook has no such column."""
        column = self.sheet.columns.get(field)
        return "" if column is None else self.cells[column]

    def is_empty(self, field: str) -> bool:
        """Whether nothing that can be seen stands there."""
        return re.sub(r"\s", "", shown(self.cell(field))) == ""

    def need(self, field: str, read: Callable[[Cell], T], fallback: T) -> T:
        """The value of a field that the row cannot do without; `fallback` stands in once it has failed."""
        if self.is_empty(field):
            self.fail("value_missing", field)
            return fallback
        return self._read(field, read, fallback, "error")

    def want(self, field: str, read: Callable[[Cell], T], fallback: T) -> T:
        """The value of a field that should be there: without it `fallback`, with a warning."""
        if self.is_empty(field):
            self.say("value_missing", field, severity="warning")
            return fallback
        return self._read(field, read, fallback, "warning")

    def may(self, field: str, read: Callable[[Cell], T], fallback: T) -> T:
        """The value of a field that may be empty or unreadable: then `fallback`, with a warning."""
        if self.is_empty(field):
            return fallback
        return self._read(field, read, fallback, "warning")

    def names(self, field: str) -> list[str]:
        """The list of names in a field that may be empty."""
        nothing: list[str] = []
        return self.may(field, items, nothing)

    def _read(self, field: str, read: Callable[[Cell], T], fallback: T, severity: Severity) -> T:
        try:
            value = read(self.cell(field))
        except CellError as error:
            self.failed = self.failed or severity == "error"
            self._report(error.code, field, severity, error.facts)
            return fallback
        if isinstance(value, int | float) and has_full_width_digits(self.cell(field)):
            self.say("digits_full_width", field, read_as=value)
        return value

    def skip(self, code: str, field: str | None = None, **facts: object) -> None:
        """Report with the code's usual severity that the row will not be stored."""
        self.failed = True
        self._report(code, field, CODES[code], facts)

    def fail(self, code: str, field: str | None = None, **facts: object) -> None:
        """Report an error: the row will not be stored."""
        self.failed = True
        self._report(code, field, "error", facts)

    def say(self, code: str, field: str | None = None, *, severity: Severity | None = None, **facts: object) -> None:
        """Report a problem of this row, at a field or (None) of the row as a whole."""
        self._report(code, field, severity or CODES[code], facts)

    def _report(self, code: str, field: str | None, severity: Severity, facts: Mapping[str, object]) -> None:
        column = self.sheet.header(field) if field else ""
        value = shown(self.cell(field)) if field else ""
        place = (self.sheet.name, self.number, column, value)
        self.log.problems.append(ImportProblem(*place, severity, code, facts))


def open_workbook(path: Path) -> CalamineWorkbook:
    """Open an .xlsx file; anything else is refused with what it seems to be."""
    if path.is_dir():
        raise WorkbookRefused("folder_given", file=str(path))
    if not path.is_file():
        raise WorkbookRefused("file_missing", file=path.name)
    try:
        with ZipFile(path) as archive:
            is_xlsx = "xl/workbook.xml" in archive.namelist()
            unpacked = sum(part.file_size for part in archive.infolist())
    except BadZipFile:
        is_xlsx, unpacked = False, 0
    except OSError as error:
        raise WorkbookRefused("unreadable", file=path.name, reason=error.strerror or "") from None
    if not is_xlsx:
        raise WorkbookRefused("not_xlsx", file=path.name)
    if unpacked > MOST_UNPACKED:
        raise WorkbookRefused("workbook_too_large", file=path.name, megabytes=unpacked // 1_000_000)
    try:
        return CalamineWorkbook.from_path(path)
    except CalamineError:
        raise WorkbookRefused("damaged", file=path.name) from None


def read_sheets(workbook: CalamineWorkbook, log: Log, shapes: Sequence[SheetShape] = SHEETS) -> dict[str, Sheet]:
    """All sheets that an import needs, by their role. Refused once, with all that is missing."""
    found: dict[str, Sheet] = {}
    missing: list[tuple[str, str | None]] = []
    for shape in shapes:
        sheet = _find(workbook, shape)
        if sheet is None:
            missing.append((shape.names[0], None))
            continue
        found[shape.role] = sheet
        missing += [(sheet.name, shape.aliases[field][0]) for field in _lacking(sheet)]
    if missing:
        code = "sheet_missing" if missing[0][1] is None else "column_missing"
        raise WorkbookRefused(code, sheet=missing[0][0], column=missing[0][1], missing=missing)
    for sheet in found.values():
        _report_ignored(sheet, log)
        if not any(True for _ in sheet.body(Log())):
            place = (sheet.name, sheet.header_row, "", "")
            log.problems.append(ImportProblem(*place, CODES["sheet_empty"], "sheet_empty"))
    return found


def read_sheet(workbook: CalamineWorkbook, name: str) -> tuple[CalamineSheet, list[list[Cell]]]:
    """A sheet and all its cells, from its first row and column."""
    try:
        sheet = workbook.get_sheet_by_name(name)
        return sheet, sheet.to_python(skip_empty_area=False)
    except CalamineError:
        raise WorkbookRefused("sheet_damaged", sheet=name) from None


def header_rows(workbook: CalamineWorkbook, shapes: Sequence[SheetShape] = SHEETS) -> dict[str, int]:
    """Excel's row number of the header, for each sheet that an import would read."""
    found = (_find(workbook, shape) for shape in shapes)
    return {sheet.name: sheet.header_row for sheet in found if sheet is not None}


def _lacking(sheet: Sheet) -> list[str]:
    """Fields without which the sheet is of no use."""
    lacking = [field for field in sheet.shape.required if field not in sheet.columns]
    any_of = sheet.shape.any_of
    return lacking if not any_of or sheet.columns.keys() & set(any_of) else [*lacking, any_of[0]]


def _find(workbook: CalamineWorkbook, shape: SheetShape) -> Sheet | None:
    names = {key(name): name for name in reversed(workbook.sheet_names)}
    name = next((names[key(wanted)] for wanted in shape.names if key(wanted) in names), None)
    if name is None:
        return None
    _, rows = read_sheet(workbook, name)
    best = max(range(min(len(rows), HEADER_WITHIN)), key=lambda i: len(_columns(rows[i], shape)), default=None)
    if best is None:
        return Sheet(name, shape, 0, [], {}, [])
    headers = [re.sub(r"\s+", " ", shown(cell)).strip() for cell in rows[best]]
    return Sheet(name, shape, best + 1, headers, _columns(rows[best], shape), rows)


def _columns(row: list[Cell], shape: SheetShape) -> dict[str, int]:
    """The first column for each field whose header is one of the field's names."""
    by_name = {_header_key(name): field for field, names in shape.aliases.items() for name in names}
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        field = by_name.get(_header_key(cell))
        if field is not None:
            found.setdefault(field, index)
    return found


def _header_key(cell: Cell) -> str:
    """A header without spaces, stars and what stands in brackets."""
    try:
        return re.sub(r"\([^)]*\)|[*:·]", "", key(plain(cell)))
    except CellError:
        return ""


def _report_ignored(sheet: Sheet, log: Log) -> None:
    """Columns that nothing is read from, apart from the running number and our own advice."""
    used = set(sheet.columns.values())
    for index, header in enumerate(sheet.headers):
        if header and index not in used and header != ADVICE_HEADER:
            place = (sheet.name, sheet.header_row, header, header)
            log.problems.append(ImportProblem(*place, CODES["column_ignored"], "column_ignored"))
