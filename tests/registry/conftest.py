"""Imports for the tests of the registry."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session
from workbooks import SmallWorkbook

from registry.exchange import ImportReport, import_workbook


@pytest.fixture
def imported(session: Session) -> Callable[[SmallWorkbook], ImportReport]:
    """Write a workbook and import it."""
    return lambda workbook: import_workbook(session, workbook.write())
