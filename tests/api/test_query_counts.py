"""Lists ask the database as often for three rows as for one: nothing is fetched row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from asking import TestClient
from sqlalchemy import Engine, event
from workbooks import SmallWorkbook

from api.app import create_app
from api.settings import Settings
from registry.db import make_engine, session_scope, sessions
from registry.exchange import import_workbook
from registry.programme import terms
from registry.rostering.build import problem_for_week
from registry.rostering.drafts import make_draft
from registry.rostering.week_store import weeks

MONDAYS = (date(2026, 7, 6), date(2026, 7, 13), date(2026, 7, 20))
WEEK = f"weeks/{MONDAYS[0]}"
LISTS = ("", "/classes", "/sites", "/volunteers")


def workbook(path: Path, rows: int) -> Path:
    """A workbook with so many sites, classes, courses and volunteers, in a term of three weeks."""
    small = SmallWorkbook(path)
    small.change("期次", 结束日期="2026.7.24")
    for sheet, name in (("点位", "点位名称"), ("班次", "班名"), ("课程库", "课程名称"), ("志愿者", "姓名")):
        small.sheets[sheet] = [
            small.sheets[sheet][0] | {name: first, **({"手机号": f"1380000100{n}"} if sheet == "志愿者" else {})}
            for n, first in enumerate([small.sheets[sheet][0][name], f"乙{name}", f"丙{name}"][:rows])
        ]
    return small.write()


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that the engine runs meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="module")
def databases(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """Two databases: one row of everything, and three, with as many finished weeks."""
    made = {}
    for rows in (1, 3):
        folder = tmp_path_factory.mktemp(f"rows-{rows}")
        (folder / "qingzai.db").write_bytes(sqlite_template.read_bytes())
        made[rows] = f"sqlite:///{folder / 'qingzai.db'}"
        engine = make_engine(made[rows])
        with session_scope(engine) as session:
            report = import_workbook(session, workbook(folder / "small.xlsx", rows))
        assert {c.sheet: c.new for c in report.counts if c.sheet != "期次"} == dict.fromkeys(
            ("点位", "班次", "课程库", "志愿者"), rows
        )
        for monday in MONDAYS[:rows]:
            make_draft(sessions(engine), monday, seconds=0.5, workers=1, seed=1)
        engine.dispose()
    return made


@pytest.mark.parametrize(
    "path", ["/", *(f"/{WEEK}{x}" for x in LISTS), *(f"/api/v1/{WEEK}{x}" for x in (*LISTS, "/gaps"))]
)
def test_a_page_asks_no_more_for_more_rows(databases: dict[int, str], path: str) -> None:
    """Asked twice: when the week's views are made, and when they are at hand."""
    asked = {rows: statements(url, lambda web: web.get(path)) for rows, url in databases.items()}
    assert asked[1] == asked[3]
    assert asked[3][0] <= 12
    assert asked[3][1] <= 10  # two requests, where one leads to the other; each asks who may see drafts


def statements(url: str, ask: Callable[[TestClient], object]) -> tuple[int, int]:
    """How many statements the first and the second call take."""
    app = create_app(Settings(url))
    with TestClient(app) as web:
        found = []
        for _ in range(2):
            with counted(app.state.engine) as seen:
                ask(web)
            found.append(len(seen))
    return found[0], found[1]


def test_the_list_of_weeks_asks_no_more_for_more_weeks(databases: dict[int, str]) -> None:
    asked = {rows: statements(url, lambda web: web.get("/api/v1/weeks")) for rows, url in databases.items()}
    assert asked == {1: (4, 4), 3: (4, 4)}
    assert {rows: number_of(url, weeks) for rows, url in databases.items()} == {1: (1, 3), 3: (3, 3)}


def test_a_problem_is_built_with_as_many_questions(databases: dict[int, str]) -> None:
    asked = {
        rows: number_of(url, lambda s: problem_for_week(s, MONDAYS[0])["classes"]) for rows, url in databases.items()
    }
    assert (asked[1][0], asked[3][0]) == (1, 3)
    assert asked[1][1] == asked[3][1] <= 20


def number_of(url: str, ask: Callable[..., list[object]]) -> tuple[int, int]:
    """How many rows, by how many statements."""
    engine = make_engine(url)
    with session_scope(engine) as session, counted(engine) as seen:
        rows = len(ask(session))
    engine.dispose()
    return rows, len(seen)


def test_counting_counts(databases: dict[int, str]) -> None:
    """So that the numbers above mean something: asking row by row is seen."""
    engine = make_engine(databases[3])
    with session_scope(engine) as session, counted(engine) as seen:
        for _ in range(3):
            terms(session)
    engine.dispose()
    assert len(seen) == 4  # with BEGIN
