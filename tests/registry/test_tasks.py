"""A task is queued once, taken by one, taken over when its holder is silent, and ends once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from registry.db import Sessions, make_engine, sessions
from registry.errors import SolveFailed
from registry.tasks import leases
from registry.tasks.leases import LeaseLost, end, give_back, keep, renew, take
from registry.tasks.queue import ahead_of, ask_stop, enqueue, open_task, waiting, withdraw
from registry.tasks.tables import Task
from registry.tasks.work import Json, Kind, Lease, perform

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def opened(engine: Engine) -> Sessions:
    return sessions(engine, is_writing=True)


def queued(opened: Sessions, key: str = "x") -> int:
    with opened() as session:
        return enqueue(session, "test", key, {"n": 1})[0].id or 0


def stored(opened: Sessions, number: int) -> Task:
    with opened() as session:
        return session.get_one(Task, number)


def grow_silent(opened: Sessions, number: int) -> None:
    """As if the holder had not been heard of for long."""
    with opened() as session:
        session.get_one(Task, number).lease_until = LONG_AGO


def kind(run: Callable[[Lease], None], given_up: list[Json] | None = None) -> dict[str, Kind]:
    def record(_session: Session, payload: Json, failure: Json) -> None:
        if given_up is not None:
            given_up.append({**payload, **failure})

    return {"test": Kind(lambda _sessions, lease: run(lease), record)}


def finish(lease: Lease) -> None:
    with lease.sessions() as session:
        lease.end(session)


def test_what_waits_is_not_queued_twice(opened: Sessions) -> None:
    with opened() as session:
        first, is_new = enqueue(session, "test", "x", {"n": 1})
        again, is_new_again = enqueue(session, "test", "x", {"n": 2})
        other, _ = enqueue(session, "test", "y", {"n": 3})
        assert (is_new, is_new_again, again.id, other.id == first.id) == (True, False, first.id, False)
        assert (ahead_of(session, other), waiting(session)) == (1, [first.id, other.id])


def test_one_of_many_takes_it(database_url: str) -> None:
    engine = make_engine(database_url)
    opened = sessions(engine, is_writing=True)
    number = queued(opened)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: take(opened, number, f"holder {n}"), range(8)))
    won = [held for held in found if held is not None]
    assert [(held.task_id, held.payload, held.attempts) for held in won] == [(number, {"n": 1}, 1)]
    engine.dispose()


def test_what_a_silent_holder_kept_goes_to_the_next_who_alone_can_end_it(opened: Sessions) -> None:
    number = queued(opened)
    assert take(opened, number, "one") is not None
    keep(opened, number, "one", {"best": [1]})
    assert take(opened, number, "two") is None
    grow_silent(opened, number)
    held = take(opened, number, "two")
    assert held is not None
    assert (held.attempts, held.checkpoint) == (2, {"best": [1]})
    for late in (
        lambda: renew(opened, number, "one", {"seconds": 9}),
        lambda: keep(opened, number, "one", {"best": [2]}),
        lambda: finish(Lease(opened, held, "one")),
    ):
        with pytest.raises(LeaseLost):
            late()
    finish(Lease(opened, held, "two"))
    with pytest.raises(LeaseLost):
        finish(Lease(opened, held, "two"))
    ended = stored(opened, number)
    assert (ended.status, ended.open_key, ended.holder, ended.checkpoint_json) == ("done", None, None, None)


def test_nothing_of_a_task_that_is_lost_is_stored(opened: Sessions) -> None:
    """What came of it goes with the end of the task, or not at all."""
    number = queued(opened)
    assert take(opened, number, "one") is not None
    with pytest.raises(LeaseLost), opened() as session:
        enqueue(session, "test", "what came of it", {})
        end(session, number, "two")
    with opened() as session:
        assert open_task(session, "test", "what came of it") is None


def test_a_stop_is_heard_with_the_next_renewal(opened: Sessions) -> None:
    number = queued(opened)
    assert take(opened, number, "one") is not None
    assert not renew(opened, number, "one", {"seconds": 1})
    with opened() as session:
        ask_stop(session, session.get_one(Task, number))
    assert renew(opened, number, "one")
    assert stored(opened, number).progress_json == {"seconds": 1}  # a renewal without news keeps what was told


def test_an_orderly_end_of_the_machine_does_not_count_as_an_attempt(opened: Sessions) -> None:
    number = queued(opened)
    counted = []
    for counts in (False, True):
        assert take(opened, number, "one") is not None
        assert give_back(opened, number, "one", counts=counts)
        counted.append(stored(opened, number).attempts)
    assert counted == [0, 1]
    assert not give_back(opened, number, "one", counts=True)


def test_only_what_nobody_has_begun_is_withdrawn(opened: Sessions) -> None:
    first, second = queued(opened, "x"), queued(opened, "y")
    assert take(opened, first, "one") is not None
    give_back(opened, first, "one", counts=False)
    with opened() as session:
        gone = [withdraw(session, session.get_one(Task, number)) for number in (first, second)]
        assert (gone, waiting(session)) == ([False, True], [first])


def test_a_lease_renews_itself_and_keeps_what_to_go_on_from(opened: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.tasks.work.RENEWS_EVERY", 0.02)
    monkeypatch.setattr("registry.tasks.work.KEEPS_EVERY", 0.0)
    number = queued(opened)

    def run(lease: Lease) -> None:
        lease.tell({"seconds": 3})
        lease.keep_by(lambda: {"best": "so far"})
        with opened() as session:
            ask_stop(session, session.get_one(Task, number))
        assert lease.stop.wait(10)
        while stored(opened, number).checkpoint_json is None:
            pass
        finish(lease)

    assert perform(opened, kind(run), number, "one")
    assert (stored(opened, number).status, stored(opened, number).progress_json) == ("done", {"seconds": 3})


def test_whoever_loses_a_task_is_told_to_stop(opened: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.tasks.work.RENEWS_EVERY", 0.02)
    number, lost = queued(opened), []

    def run(lease: Lease) -> None:
        with opened() as session:
            session.get_one(Task, number).holder = "another"  # as if the lease had run out and it was taken
        assert lease.stop.wait(10)
        lost.append(lease.is_lost)
        finish(lease)

    assert perform(opened, kind(run), number, "one")
    assert (lost, stored(opened, number).status, stored(opened, number).holder) == ([True], "running", "another")


def test_a_failure_is_recorded_and_what_nobody_expects_is_raised_too(opened: Sessions) -> None:
    given_up: list[Json] = []
    refused, crashed = queued(opened, "x"), queued(opened, "y")

    def refuse(_lease: Lease) -> None:
        raise SolveFailed("pins_broken", violations=[1])

    def crash(_lease: Lease) -> None:
        raise RuntimeError("nobody expects this")

    assert perform(opened, kind(refuse, given_up), refused, "one")
    with pytest.raises(RuntimeError):
        perform(opened, kind(crash, given_up), crashed, "one")
    assert [told["code"] for told in given_up] == ["pins_broken", "crashed"]
    assert [stored(opened, n).status for n in (refused, crashed)] == ["failed", "failed"]


def test_what_killed_many_processes_is_given_up(opened: Sessions) -> None:
    given_up: list[Json] = []
    number = queued(opened)
    for n in range(leases.MOST_ATTEMPTS):
        assert take(opened, number, f"holder {n}") is not None
        grow_silent(opened, number)
    assert perform(opened, kind(finish, given_up), number, "the last")
    assert given_up == [{"n": 1, "code": "task_kills", "facts": {"n": leases.MOST_ATTEMPTS}}]
    with opened() as session:
        assert waiting(session) == []
