"""Small workbooks for tests of the import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session
from workbooks import SmallWorkbook

from registry.exchange import ImportReport, import_workbook


@pytest.fixture
def small(tmp_path: Path) -> SmallWorkbook:
    """A small sound workbook."""
    return SmallWorkbook(tmp_path / "small.xlsx")


@pytest.fixture
def imported(session: Session) -> Callable[[SmallWorkbook], ImportReport]:
    """Write a workbook and import it."""
    return lambda workbook: import_workbook(session, workbook.write())
