"""A board of a solved week, and repairs of it worked out at once, for tests."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import Session
from town import office

from registry.accounts.permissions import Actor, Held
from registry.accounts.tables import Role
from registry.board.boards import the_board
from registry.db import Sessions
from registry.repairs.asking import ask_repair
from registry.repairs.causes import Cause
from registry.tasks.kinds import KINDS
from registry.tasks.queue import waiting
from registry.tasks.work import perform

MONDAY = date(2026, 7, 13)


@cache
def solved_site() -> tuple[dict[str, Any], dict[str, Any]]:
    """The week of a site with two classes, and a good roster of it, the same on every machine."""
    data = Path(__file__).parent / "data"
    problem, roster = (
        json.loads((data / name).read_text(encoding="utf-8")) for name in ("site-week.json", "site-week.good.json")
    )
    return problem, roster


def coordinator(session: Session, site: int) -> Actor:
    """The coordinator of a site, whether or not it has a row."""
    return replace(office(session), held=(Held(Role.SITE_COORDINATOR, site),))


def somebody(session: Session) -> str:
    """A volunteer with a duty on Monday."""
    roster = the_board(session, MONDAY).roster_json
    return str(next(d["volunteer"] for d in roster["duties"] if d["segment"].startswith("1-")))


def asked(opened: Sessions, *causes: Cause) -> tuple[int, Actor]:
    """A repair for what happened, worked out; and who asked."""
    with opened() as session:
        boss = office(session)
        number = ask_repair(session, boss, MONDAY, causes).id or 0
    work_out(opened)
    return number, boss


def work_out(opened: Sessions) -> None:
    """What another process does: every task that waits."""
    with opened() as session:
        tasks = waiting(session)
    for task_id in tasks:
        assert perform(opened, KINDS, task_id, "a test")


def on(weekday: int, segment_or_slot: str) -> bool:
    return segment_or_slot.startswith(f"{weekday}-")


def entries(roster: dict[str, Any]) -> set[tuple[str, ...]]:
    return {tuple(map(str, row.values())) for kind in ("duties", "lessons") for row in roster[kind]}
