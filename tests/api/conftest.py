"""What the tests of the `api` floor share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from published import BEFORE
from published_web import Published
from sqlmodel import select
from visits import Visit
from workbooks import SmallWorkbook

from registry import clock, tables
from registry.db import make_engine, session_scope

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands speak English unless a test asks for something else, and call themselves by their own name."""
    monkeypatch.setenv("QINGZAI_LANG", "en")
    monkeypatch.delenv("QINGZAI_COMMAND", raising=False)


@pytest.fixture
def tiny() -> dict[str, Any]:
    """The smallest example problem, to be spoilt."""
    found: dict[str, Any] = json.loads((DATA / "tiny-week.json").read_text())
    return found


@pytest.fixture
def tiny_best() -> dict[str, Any]:
    """Its best roster."""
    found: dict[str, Any] = json.loads((DATA / "tiny-week.best.json").read_text())
    return found


@pytest.fixture
def stored(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], dict[str, list[str]]]]:
    """Commands work on the test's own database; calling this tells what it holds."""
    monkeypatch.setenv("QINGZAI_DATABASE_URL", database_url)
    engine = make_engine(database_url)

    def contents() -> dict[str, list[str]]:
        with session_scope(engine) as session:
            return {str(m.__tablename__): sorted(str(row) for row in session.exec(select(m))) for m in tables.ALL}

    yield contents
    engine.dispose()


@pytest.fixture
def visit(database_url: str) -> Iterator[Visit]:
    """A town with a round, on the test's own database."""
    made = Visit(database_url)
    yield made
    made.app.state.engine.dispose()
    made.engine.dispose()


@pytest.fixture
def week(sqlite_url: str, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Published]:
    """A small published Monday, on the Friday before."""
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    made = Published(sqlite_url, small)
    yield made
    made.app.state.engine.dispose()
    made.engine.dispose()
