"""Many at once: places are neither oversold nor lost nor doubled."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from places import offer, taken
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from town import a_round, crowd, make_town

from registry.accounts.permissions import Actor
from registry.db import make_engine, session_scope
from registry.enrolment.offers import confirm, withdraw
from registry.enrolment.places import take
from registry.enrolment.sending import submit
from registry.enrolment.tables import Application, Place, WaitlistEntry
from registry.errors import Conflict

RUSH, PLACES, WAITLIST, WORKERS = 200, 30, 20, 8


def test_all_weekdays_or_none(session: Session) -> None:
    runs = make_town(session)
    a_round(session, runs, places=1)
    assert take(session, runs[0], [2, 3])
    assert not take(session, runs[0], [1, 2])
    assert taken(session, runs[0]) == [0, 1, 1, 0, 0]


def prepare(engine: Engine, size: int) -> tuple[list[int], list[tuple[Actor, str]]]:
    """A round with one popular class run, and as many drafts as families come at once."""
    with session_scope(engine) as session:
        runs = make_town(session, places=PLACES)
        its = a_round(session, runs, places=PLACES, mode="first_come", waitlist_length=WAITLIST)
        return runs, crowd(session, its, runs[0], size)


def at_once(work: list[Callable[[], None]]) -> list[BaseException]:
    """Do all of it with several threads that start together; answers what went wrong."""
    wrong: list[BaseException] = []
    waiting, start = list(work), threading.Event()

    def labour() -> None:
        start.wait()
        while waiting:
            try:
                waiting.pop()()
            except IndexError:
                return
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=labour) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join()
    return wrong


def test_a_rush_neither_oversells_nor_loses_nor_doubles(database_url: str) -> None:
    """200 families, forty of whom tap twice, for 30 places and 20 on the waitlist."""
    engine = make_engine(database_url)
    runs, drafts = prepare(engine, RUSH)

    def tap(actor: Actor, number: str) -> None:
        with session_scope(engine, is_writing=True) as session:
            submit(session, actor, number, f"key-{number}")

    taps: list[Callable[[], None]] = [lambda a=a, n=n: tap(a, n) for a, n in [*drafts, *drafts[:40]]]  # type: ignore[misc]
    assert at_once(taps) == []
    with session_scope(engine) as session:
        applications = session.exec(select(Application).order_by(col(Application.submitted_at))).all()
        assert Counter(a.status for a in applications) == {
            "confirmed": PLACES, "waitlisted": WAITLIST, "eligible": RUSH - PLACES - WAITLIST,
        }  # fmt: skip
        assert taken(session, runs[0]) == [PLACES] * 5
        assert len(session.exec(select(Place)).all()) == PLACES
        line_ = session.exec(select(WaitlistEntry).order_by(col(WaitlistEntry.position))).all()
        assert [entry.position for entry in line_] == list(range(1, WAITLIST + 1))
    engine.dispose()


def test_families_leaving_and_answering_at_once_keep_the_books(database_url: str) -> None:
    """All who have a place withdraw while those who are offered one confirm: every place goes on, none is lost."""
    engine = make_engine(database_url)
    runs, drafts = prepare(engine, PLACES + WAITLIST)
    for actor, number in drafts:
        with session_scope(engine, is_writing=True) as session:
            submit(session, actor, number, f"key-{number}")

    def leave(actor: Actor, number: str) -> None:
        with session_scope(engine, is_writing=True) as session:
            withdraw(session, actor, number)

    def answer(actor: Actor, number: str) -> None:
        with session_scope(engine, is_writing=True) as session:
            mine = session.exec(select(Application).where(Application.number == number)).one()
            if mine.status == "placed":
                confirm(session, actor, offer(session, mine).id or 0)

    work: list[Callable[[], None]] = [lambda a=a, n=n: leave(a, n) for a, n in drafts[:PLACES]]  # type: ignore[misc]
    work += [lambda a=a, n=n: answer(a, n) for a, n in drafts[PLACES:]]  # type: ignore[misc]
    assert [error for error in at_once(work) if not isinstance(error, Conflict)] == []
    with session_scope(engine) as session:
        states = Counter(session.exec(select(Application.status)).all())
        assert (states["withdrawn"], states["placed"] + states["confirmed"]) == (PLACES, WAITLIST)
        assert taken(session, runs[0]) == [WAITLIST] * 5
    engine.dispose()
