"""How long volunteers of a district wait: their open places, who could take a stay of theirs, what in return.

    python tests/bench/volunteers.py qingzai-demo.db [-n 30] [-o tests/bench/results/volunteers.md]

The database is one that `qingzai demo --no-serve` has made (or any SQLite file with a published week); a copy of it is
worked on. Measured is the whole application from request to response, for volunteers of the week by chance.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from boards import _cpu, _p95, on_a_copy
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from api.access import SESSION_COOKIE
from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, Role, RoleGrant
from registry.db import make_engine, session_scope
from registry.duties.publish import version_in_force
from registry.duties.tables import RosteredDuty, RosterVersion
from registry.people import Volunteer

GOAL = 500
"""Milliseconds within which every answer has to be there."""


def stays(session: Session, r: Random, n: int) -> Iterator[tuple[RosteredDuty, str]]:
    """Duties of volunteers by chance, each with a signed-in cookie of theirs."""
    duties = sorted(session.exec(select(RosteredDuty)).all(), key=lambda d: d.id or 0)
    for duty in r.sample(duties, n):
        account = session.exec(select(Account).where(Account.volunteer_id == duty.volunteer_id)).first()
        if account is None:
            name = session.get_one(Volunteer, duty.volunteer_id).name
            account = Account(phone=f"139{duty.id or 0:08d}", name=name, volunteer_id=duty.volunteer_id,
                              created_at=clock.now())  # fmt: skip
            session.add(account)
            session.flush()
        grant = RoleGrant(account_id=account.id or 0, role=Role.VOLUNTEER.value,
                          starts_on=clock.today() - timedelta(days=1), granted_at=clock.now())  # fmt: skip
        session.add(grant)
        yield duty, sign_in(session, account, device="", address="")


class Times:
    """Requests, timed under their names."""

    def __init__(self, web: TestClient) -> None:
        self.web, self.wall, self.work = web, dict[str, list[float]](), dict[str, list[float]]()

    def ask(self, name: str, path: str) -> str:
        """One of them; its body."""
        begun, worked = time.perf_counter(), time.process_time()
        answer = self.web.get(path)
        self.wall.setdefault(name, []).append(1000 * (time.perf_counter() - begun))
        self.work.setdefault(name, []).append(1000 * (time.process_time() - worked))
        assert answer.status_code == 200, (name, answer.status_code, answer.text[:300])
        return answer.text

    def round(self, duty: RosteredDuty, cookie: str, week: str) -> None:
        """What one volunteer asks."""
        self.web.cookies.set(SESSION_COOKIE, cookie)
        self.ask("page: open places", f"/duties/open?week={week}")
        self.ask("open places", f"/api/v1/duties/open/{week}")
        stay = f"{duty.day}/{duty.class_run_id}"
        self.ask("who could take a stay", f"/api/v1/duties/swaps/colleagues/{stay}?parts={duty.part}")
        page = f"/duties/swap/{stay}?parts={duty.part}"
        found = self.ask("page: swap, whom to ask", page)
        if "to=" in found:
            other = found.partition("to=")[2].partition('"')[0].partition("&")[0]
            self.ask("page: swap, what in return", f"{page}&to={other}")

    def table(self) -> str:
        """A row for each question."""
        lines = ["| answer | n | p50 ms | p95 ms | most ms | p50 CPU | p95 CPU |", "|---|--:|--:|--:|--:|--:|--:|"]
        for name, several in self.wall.items():
            work = self.work[name]
            shown = statistics.median(several), _p95(several), max(several), statistics.median(work), _p95(work)
            lines.append(f"| {name} | {len(several)} | {' | '.join(f'{x:.0f}' for x in shown)} |")
        return "\n".join(lines)


def report(times: Times, version: RosterVersion, first: float) -> str:
    """The table with what it was measured on."""
    people, duties = len(version.problem_json["volunteers"]), len(version.roster_json["duties"])
    return f"""# What volunteers wait for

A published week of {people} volunteers and {duties} duties; {os.cpu_count()} cores ({_cpu()}), Python
{platform.python_version()}, SQLite. From request to response, the goal is {GOAL} ms. The first of all answers, for
which the week is read: {first:.0f} ms. Load of the machine when it ended: {os.getloadavg()[0]:.0f} (other work
stretches the times; the CPU columns are what the answers themselves cost).

Again: `python tests/bench/volunteers.py qingzai-demo.db`.

{times.table()}
"""


def main() -> None:
    """Print a table, and write it where asked to."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("database", type=Path)
    asked.add_argument("-n", type=int, default=30)
    asked.add_argument("-o", type=Path)
    given = asked.parse_args()
    with on_a_copy(given.database) as (url, web, _):
        engine = make_engine(url)
        with session_scope(engine, is_writing=True) as session:
            chosen = list(stays(session, Random(1), given.n))
            monday = session.exec(select(col(RosterVersion.week)).order_by(col(RosterVersion.week))).all()[-1]
            version = version_in_force(session, monday)
        assert version is not None
        engine.dispose()
        times, week = Times(web), monday.isoformat()
        for duty, cookie in chosen:
            times.round(duty, cookie, week)
        told = report(times, version, times.wall["page: open places"][0])
    print(told)
    if given.o:
        given.o.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
