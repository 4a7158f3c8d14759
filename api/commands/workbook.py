"""`qingzai import`: a district's workbook into the database, and back with the reasons beside the rows."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from itertools import count, groupby
from pathlib import Path

import typer

from api import speak
from api.commands.console import refusals
from api.commands.database import migrated_engine
from api.commands.files import check_writable
from api.speak import imports
from api.speak.commands import counted, line, table
from api.speak.language import Language
from registry.db import database_url, session_scope, shown_url, trial_url
from registry.exchange import ImportProblem, ImportReport, annotated_copy, check_workbook, import_workbook
from scheduler.result import Malformed

WORST_FIRST = ("error", "warning", "note")
COPY_SUFFIX = "-问题"
"""Added to the name of the annotated copy, in both languages: it lies beside a Chinese workbook."""


def run(path: Path, *, dry_run: bool, annotated: Path | None) -> None:
    """Import what is sound, list every problem, write the annotated copy; exit 2 where nothing can be read."""
    language = speak.from_environment()
    with refusals():
        out = _chosen(path, annotated)
        check_workbook(path)  # before the database, which a wrong file must not even create
        with trial_url(database_url()) if dry_run else nullcontext(database_url()) as url:
            report = _imported(url, path, out, language, dry_run=dry_run)
    _say_problems(report, language)
    _say_counts(report, language)
    if report.problems:
        typer.echo(line("annotated", language, path=out))
    typer.echo(line(_outcome(report), language, database=shown_url(database_url())))


def _imported(url: str, path: Path, out: Path, language: Language, *, dry_run: bool) -> ImportReport:
    """Import and write the copy. A copy that cannot be written leaves the database as it was."""
    engine = migrated_engine(url)
    try:
        with session_scope(engine) as session:
            report = import_workbook(session, path, dry_run=dry_run)
            if report.problems:
                annotated_copy(path, report, out, partial(imports.in_the_margin, language=language))
    finally:
        engine.dispose()
    return report


def _chosen(path: Path, annotated: Path | None) -> Path:
    """Where the annotated copy goes. The workbook itself is never overwritten, nor an earlier copy unasked."""
    out = annotated or _free_name(path)
    check_writable(out)
    if out.resolve() == path.resolve():
        raise Malformed("--annotated", "is_the_input", path=str(out))
    if out.suffix.lower() != ".xlsx":
        raise Malformed("--annotated", "not_an_xlsx_name", path=str(out))
    return out


def _free_name(path: Path) -> Path:
    """`district-问题.xlsx` in the working directory, or the first free `district-问题-2.xlsx`."""
    stem = path.stem.partition(COPY_SUFFIX)[0] + COPY_SUFFIX
    numbered = (Path(f"{stem}-{n}.xlsx" if n > 1 else f"{stem}.xlsx") for n in count(1))
    return next(name for name in numbered if not name.exists())


def _say_problems(report: ImportReport, language: Language) -> None:
    """Every problem, worst first; those that ask for the same stand under one heading."""
    for severity in WORST_FIRST:
        found = [p for p in report.problems if p.severity == severity]
        if found:
            typer.echo(counted(f"{severity}s", len(found), language))
        # Sorting keeps the order of sheets and rows within each kind of problem.
        told = sorted(found, key=lambda p: (p.code, _advice(p, language)))
        for advice, alike in groupby(told, key=partial(_advice, language=language)):
            _say_alike(advice, list(alike), language)


def _advice(problem: ImportProblem, language: Language) -> str:
    return imports.advice(problem, language)


def _say_alike(advice: str, alike: list[ImportProblem], language: Language) -> None:
    typer.echo(line("advice", language, advice=advice, n=len(alike)))
    for problem in alike:
        what = imports.what(problem, language)
        place = imports.place(problem, language, with_value=problem.value not in what)
        typer.echo(line("problem", language, place=place, what=what))
    typer.echo()


def _say_counts(report: ImportReport, language: Language) -> None:
    head = [line(name, language) for name in ("sheet", "read", "new", "changed", "unchanged", "skipped")]
    rows = [[c.sheet, c.read, c.new, c.changed, c.unchanged, c.skipped] for c in report.counts]
    for text in table([head, *rows]):
        typer.echo(text)
    totals = report.by_severity()
    facts = {"n": len(report.problems), **{f"{name}s": n for name, n in totals.items()}}
    typer.echo(line("no_problems" if not report.problems else "problems", language, **facts))


def _outcome(report: ImportReport) -> str:
    """How it ended: as a trial, with changes, or with none."""
    has_changes = any(c.new or c.changed for c in report.counts)
    if report.dry_run:
        return "would_change" if has_changes else "would_not_change"
    return "imported" if has_changes else "nothing_changed"
