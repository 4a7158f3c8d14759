"""Encrypted columns: what the file of the database holds, keys that are missing or wrong, rotation."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session
from town import family

from registry.db import make_engine, session_scope, sessions
from registry.errors import Refused
from registry.families.tables import Child, CollectionRestriction
from registry.keys import KeyRing, add_key, key_ring, read_keys
from registry.privacy.vault import check_keys, encrypted_columns, rotate, versions

SECRETS = ("对花生严重过敏", "99000020150307001X", "不许接走的人")


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keys of this test alone, so that it may lose them."""
    path = tmp_path / "own.keys"
    monkeypatch.setenv("QINGZAI_KEYS_FILE", str(path))
    yield path


def secret_child(session: Session, note: str = SECRETS[0]) -> int:
    _, (child,) = family(session, consents=False)
    child.health_note, child.paper_kind, child.paper_number = note, "resident_id", SECRETS[1]
    session.add(child)
    session.add(CollectionRestriction(child_id=child.id or 0, name=SECRETS[2], note=None))
    session.flush()
    return child.id or 0


def code_of(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.code


def test_these_columns_are_encrypted() -> None:
    assert sorted(map(str, encrypted_columns())) == [
        "attendance_event.remark",
        "book.pdf_secret",
        "child.health_note",
        "child.paper_number",
        "collection_restriction.name",
        "collection_restriction.note",
        "enrolment_round.seed_secret",
        "handover_note.text",
        "insurance_list.rows",
        "photo.secret",
        "safeguarding_concern.child_name",
        "safeguarding_concern.outcome",
        "safeguarding_concern.words",
    ]


def test_the_file_of_the_database_holds_no_plain_text(sqlite_url: str, own_keys: Path) -> None:
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        number = secret_child(session)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        stored = raw.execute("SELECT health_note FROM child").fetchone()[0]
    whole = b"".join(file.read_bytes() for file in path.parent.glob("qingzai.db*"))
    engine.dispose()
    assert [secret for secret in SECRETS if secret.encode() in whole] == []
    assert stored[0] == 1
    assert len(stored) == 1 + 12 + len(SECRETS[0].encode()) + 16
    with session_scope(make_engine(sqlite_url)) as session:
        assert session.get_one(Child, number).health_note == SECRETS[0]


def test_values_in_swapped_columns_do_not_open(engine: Engine, own_keys: Path) -> None:
    with session_scope(engine) as session:
        number = secret_child(session)
        session.execute(text("UPDATE child SET health_note = paper_number"))
    with session_scope(engine) as session, pytest.raises(Refused) as caught:
        session.get_one(Child, number)
    assert (code_of(caught), caught.value.facts["place"]) == ("value_forged", "child.health_note")


def test_another_key_opens_nothing() -> None:
    mine, other = KeyRing({1: b"a" * 32}), KeyRing({1: b"b" * 32})
    stored = mine.encrypt("密", "t.c")
    assert mine.decrypt(stored, "t.c") == "密"
    with pytest.raises(Refused) as caught:
        other.decrypt(stored, "t.c")
    assert code_of(caught) == "value_forged"
    with pytest.raises(Refused) as missing:
        KeyRing({2: b"a" * 32}).decrypt(stored, "t.c")
    assert (code_of(missing), missing.value.facts["version"]) == ("key_missing", 1)


def test_a_lost_file_of_keys_is_refused_and_no_new_key_is_made(engine: Engine, own_keys: Path) -> None:
    with session_scope(engine) as session:
        check_keys(session)
        assert not own_keys.exists()  # nothing is encrypted yet, so that nothing is lost either
        secret_child(session)
        check_keys(session)
    own_keys.rename(own_keys.with_suffix(".away"))
    with session_scope(engine) as session, pytest.raises(Refused) as caught:
        check_keys(session)
    assert (code_of(caught), caught.value.facts["n"]) == ("keys_lost", 3)
    assert not own_keys.exists()


def test_keys_are_added_and_read_again_without_a_restart(own_keys: Path) -> None:
    assert key_ring().newest == 1
    assert own_keys.stat().st_mode & 0o077 == 0
    first = key_ring().keys[1]
    assert add_key(own_keys) == 2
    assert (key_ring().newest, key_ring().keys[1]) == (2, first)
    assert sorted(path.name for path in own_keys.parent.glob("own.keys*")) == ["own.keys"]
    line = own_keys.read_text().splitlines()[0]
    own_keys.write_text(f"{line}\n{line}\n")
    with pytest.raises(Refused) as caught:
        read_keys(own_keys)
    assert (code_of(caught), caught.value.facts["line"]) == ("keys_malformed", 2)


def test_rotation_can_be_interrupted_and_goes_on(
    engine: Engine, own_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.privacy.vault.BATCH", 2)
    with session_scope(engine) as session:
        numbers = [secret_child(session, f"过敏{n}") for n in range(5)]
    add_key(own_keys)
    seen: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(sessions(engine, is_writing=True), stop)
    assert seen == [(2, 15), (4, 15)]
    with session_scope(engine) as session:
        assert sum(versions(session).values(), Counter()) == {1: 11, 2: 4}
    told = rotate(sessions(engine, is_writing=True))
    assert (told.done, told.total, told.version, told.unreadable) == (11, 11, 2, [])
    with session_scope(engine) as session:
        assert sum(versions(session).values(), Counter()) == {2: 15}
        assert [session.get_one(Child, n).health_note for n in numbers] == [f"过敏{n}" for n in range(5)]
    assert rotate(sessions(engine, is_writing=True)).total == 0


def test_rotation_leaves_what_no_key_opens(engine: Engine, own_keys: Path) -> None:
    with session_scope(engine) as session:
        number = secret_child(session)
        session.execute(text("UPDATE child SET health_note = paper_number"))
    add_key(own_keys)
    told = rotate(sessions(engine, is_writing=True))
    assert (told.done, told.unreadable) == (2, [("child.health_note", number)])
