"""The import as a whole: everything that is sound, in one savepoint, or nothing."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from registry.errors import WorkbookRefused
from registry.exchange.programme_rows import (
    Programme,
    has_a_term,
    import_classes,
    import_courses,
    import_sites,
    import_terms,
)
from registry.exchange.report import ImportReport, Log
from registry.exchange.sheets import Sheet, open_workbook, read_sheets
from registry.exchange.volunteer_checks import Season
from registry.exchange.volunteer_rows import import_volunteers
from registry.programme import season, setting


def check_workbook(path: Path) -> None:
    """Make sure that a workbook can be read at all.

    Raises:
        WorkbookRefused: the file is no workbook, lacks a sheet or a required column, or has no sound term.
    """
    with open_workbook(path) as workbook:
        terms = read_sheets(workbook, Log())["terms"]
    if not has_a_term(terms):
        raise _no_terms(terms)


def import_workbook(session: Session, path: Path, *, dry_run: bool = False) -> ImportReport:
    """Store what is sound in a district's workbook and report everything else, row by row.

    Rows are found again by their natural identity, so importing again changes nothing. With `dry_run` the
    report is the same and nothing is stored. The caller's unit of work commits.

    Raises:
        WorkbookRefused: the file is no workbook, or lacks a sheet or a required column; nothing is stored.
    """
    log = Log()
    with open_workbook(path) as workbook:
        sheets = read_sheets(workbook, log)
    savepoint = session.begin_nested()
    try:
        _import(Programme(session, log), sheets)
        session.flush()
    except BaseException:
        savepoint.rollback()
        raise
    if dry_run:
        savepoint.rollback()
    else:
        savepoint.commit()
    return log.report([sheet.name for sheet in sheets.values()], dry_run=dry_run)


def _import(programme: Programme, sheets: dict[str, Sheet]) -> None:
    """Sheet by sheet, in an order in which what is referred to is there already."""
    import_terms(programme, sheets["terms"])
    import_sites(programme, sheets["sites"])
    import_courses(programme, sheets["courses"])
    import_classes(programme, sheets["classes"])
    days = season(list(programme.terms.named().values()))
    if days is None:
        raise _no_terms(sheets["terms"])
    months: int = setting(programme.session, "clearance_months")
    import_volunteers(programme, sheets["volunteers"], Season(*days, clearance_months=months))


def _no_terms(sheet: Sheet) -> WorkbookRefused:
    """Without a term there is no season, against which ages and background checks are judged."""
    return WorkbookRefused("no_terms", sheet=sheet.name, column=sheet.header("starts_on"))
