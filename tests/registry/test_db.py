"""The database layer: migrations agree with the tables, one place commits, moments keep their zone."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, select

from registry import tables
from registry.db import TURN_SUFFIX, Table, database_url, make_engine, migrate, session_scope, shown_url, trial_url
from registry.errors import Refused
from registry.people import Ban
from registry.programme import DaySegment, DaySlot, Room, Setting, setting
from registry.rostering.tables import DraftStatus, RosterDraft


def draft(**changes: object) -> RosterDraft:
    """A draft as it is when it is queued."""
    fields = {
        "week": date(2026, 7, 13), "seed": 1, "workers": 2, "seconds": 60.0, "version": "0",
        "problem_json": {"week": "2026-07-13"}, "created_at": datetime(2026, 7, 10, 8, tzinfo=UTC),
    }  # fmt: skip
    return RosterDraft(**{**fields, **changes})


def test_migrations_and_tables_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []


def test_every_table_is_listed() -> None:
    assert {t.__tablename__ for t in tables.ALL} == set(Table.metadata.tables)


def test_migrating_again_changes_nothing(database_url: str, engine: Engine) -> None:
    before = inspect(engine).get_table_names()
    migrate(database_url)
    assert inspect(engine).get_table_names() == before


def test_a_new_database_holds_the_typical_day(session: Session) -> None:
    segments = {(s.part, s.starts_at, s.ends_at) for s in session.exec(select(DaySegment))}
    slots = {(s.number, s.part, s.starts_at, s.ends_at) for s in session.exec(select(DaySlot))}
    assert segments == {
        ("am", time(8, 30), time(12)), ("noon", time(12), time(14, 30)), ("pm", time(14, 30), time(17, 30)),
    }  # fmt: skip
    assert slots == {
        (1, "am", time(10, 50), time(11, 40)), (2, "pm", time(14, 30), time(15, 20)),
        (3, "pm", time(15, 45), time(16, 35)), (4, "pm", time(16, 40), time(17, 10)),
    }  # fmt: skip


def test_a_unit_of_work_is_stored_whole_or_not_at_all(engine: Engine) -> None:
    with session_scope(engine) as session:
        session.add(Setting(key="kept", value=1))
    with pytest.raises(RuntimeError), session_scope(engine) as session:
        session.add(Setting(key="lost", value=2))
        session.flush()
        raise RuntimeError
    with session_scope(engine) as session:
        assert [s.key for s in session.exec(select(Setting))] == ["kept"]


def test_a_savepoint_rolls_back_alone(engine: Engine) -> None:
    with session_scope(engine) as session:
        session.add(Setting(key="before", value=1))
        session.flush()
        inner = session.begin_nested()
        session.add(Setting(key="inside", value=1))
        session.flush()
        inner.rollback()
    with session_scope(engine) as session:
        assert [s.key for s in session.exec(select(Setting))] == ["before"]


def test_a_row_needs_its_parent(engine: Engine) -> None:
    with pytest.raises(IntegrityError), session_scope(engine) as session:
        session.add(Room(site_id=7, kind="舞蹈室", capacity=30))


def test_a_ban_names_a_site_or_a_class(engine: Engine) -> None:
    with pytest.raises(IntegrityError), session_scope(engine) as session:
        session.add(Ban(volunteer_id=1))


def test_moments_come_back_in_utc(engine: Engine) -> None:
    chongqing = timezone(timedelta(hours=8))
    with session_scope(engine) as session:
        session.add(draft(created_at=datetime(2026, 7, 10, 8, tzinfo=chongqing)))
    with session_scope(engine) as session:
        stored = session.exec(select(RosterDraft)).one()
        assert (stored.created_at, stored.created_at.tzinfo) == (datetime(2026, 7, 10, 0, tzinfo=UTC), UTC)
        assert (stored.status, stored.roster_json) == (DraftStatus.QUEUED, None)


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError), session_scope(engine) as session:
        session.add(draft(created_at=datetime(2026, 7, 10, 8)))


def test_a_setting_is_laid_over_its_default(session: Session) -> None:
    assert setting(session, "min_to_open") == 15
    session.add(Setting(key="min_to_open", value=20))
    session.add(Setting(key="roster_policy", value={"min_adults": 3}))
    session.flush()
    assert setting(session, "min_to_open") == 20
    policy = setting(session, "roster_policy")
    assert (policy["min_adults"], policy["children_per_adult"]) == (3, 10)


def test_the_database_is_a_file_here_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QINGZAI_DATABASE_URL", raising=False)
    assert database_url() == "sqlite:///./qingzai.db"
    monkeypatch.setenv("QINGZAI_DATABASE_URL", "postgresql://somewhere/qingzai")
    assert database_url() == "postgresql://somewhere/qingzai"


def test_sqlite_is_opened_with_foreign_keys_and_wal(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'new.db'}")
    with engine.connect() as connection:
        ask = connection.exec_driver_sql
        answers = [ask("PRAGMA foreign_keys").scalar(), ask("PRAGMA journal_mode").scalar()]
    engine.dispose()
    assert answers == [1, "wal"]


@pytest.mark.parametrize(
    "url",
    ["qingzai.db", "mysql://a:b@c/d", "postgresql://u:secret@host:port/d", "sqlite://", "sqlite:///:memory:", "://"],
)
def test_what_is_no_url_of_a_lasting_database_is_refused(url: str) -> None:
    with pytest.raises(Refused) as refused:
        migrate(url)
    assert (refused.value.code, refused.value.facts) == ("database_url_malformed", {})


def test_a_database_of_a_later_version_is_refused_and_left_alone(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused) as refused:
        migrate(sqlite_url)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"
    engine.dispose()
    assert (refused.value.code, refused.value.facts) == ("database_newer", {"database": shown_url(sqlite_url)})


def test_a_trial_works_on_a_copy(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        session.add(Setting(key="kept", value=1))
    engine.dispose()
    with trial_url(sqlite_url) as url:
        trial = make_engine(url)
        with session_scope(trial) as session:
            assert [s.key for s in session.exec(select(Setting))] == ["kept"]
            session.add(Setting(key="tried", value=1))
        trial.dispose()
    with session_scope(engine) as session:
        assert [s.key for s in session.exec(select(Setting))] == ["kept"]
    engine.dispose()


def test_a_trial_where_there_is_no_database_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with trial_url(f"sqlite:///{path}") as url:
        migrate(url)
    assert list(tmp_path.iterdir()) == []


def test_a_trial_of_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_text("not a database")
    with pytest.raises(Refused) as refused, trial_url(f"sqlite:///{path}"):
        pass
    assert (refused.value.code, path.read_text()) == ("database_unusable", "not a database")


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
def test_who_writes_waits_behind_another_process(sqlite_url: str) -> None:
    """That process holds the turn here without having begun to write, so that SQLite itself would let anybody in."""
    import fcntl

    engine, entered = make_engine(sqlite_url), threading.Event()

    def write() -> None:
        with session_scope(engine, is_writing=True):
            entered.set()

    with Path(f"{sqlite_url.removeprefix('sqlite:///')}{TURN_SUFFIX}").open("a", encoding="ascii") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        thread = threading.Thread(target=write)
        thread.start()
        is_early = entered.wait(0.3)
    thread.join(10)
    engine.dispose()
    assert (is_early, entered.is_set()) == (False, True)
