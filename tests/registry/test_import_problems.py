"""What an import says about each kind of oddity, one at a time, in a workbook that is otherwise sound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from blemishes import ELSEWHERE, SKIPPING, WARNING
from workbooks import SmallWorkbook

from registry.exchange import CODES, ImportReport

Import = Callable[[SmallWorkbook], ImportReport]


def said(report: ImportReport) -> list[tuple[str, int, str, str, str, dict[str, Any]]]:
    """All problems as plain tuples: sheet, row, column, severity, code, facts."""
    return [(p.sheet, p.row, p.column, p.severity, p.code, dict(p.facts)) for p in report.problems]


def skipped(report: ImportReport) -> dict[str, int]:
    """Rows skipped, by sheet that has any."""
    return {c.sheet: c.skipped for c in report.counts if c.skipped}


def test_a_sound_workbook_raises_nothing(small: SmallWorkbook, imported: Import) -> None:
    report = imported(small)
    assert said(report) == []
    assert [(c.sheet, c.read, c.new) for c in report.counts] == [
        ("点位", 2, 2), ("班次", 1, 1), ("期次", 1, 1), ("课程库", 3, 3), ("志愿者", 2, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("case", SKIPPING)
def test_a_row_that_cannot_be_stored_is_skipped(small: SmallWorkbook, imported: Import, case: Any) -> None:
    sheet, change, column, code, facts = case
    last = len(small.sheets[sheet]) + 2
    report = imported(small.repeat(sheet, 2, **change))
    assert said(report) == [(sheet, last, column, "error", code, facts)]
    assert skipped(report) == {sheet: 1}


@pytest.mark.parametrize("case", WARNING)
def test_a_row_with_a_blemish_is_stored_and_reported(small: SmallWorkbook, imported: Import, case: Any) -> None:
    sheet, change, *problem = case
    row = len(small.sheets[sheet]) + 1 if problem[2] == "phone_shared" else 2
    if row != 2:
        small.sheets[sheet].reverse()
    report = imported(small.change(sheet, row, **change))
    assert said(report) == [(sheet, row, *problem)]
    assert skipped(report) == {}


def test_every_code_is_tested() -> None:
    here = {case[3] for case in SKIPPING} | {case[4] for case in WARNING}
    assert here | ELSEWHERE.keys() == set(CODES)
