"""The problem of a board's week as it is today: the tables, what was repaired on the board, who has reported absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from registry.board.tables import RosterBoard
from registry.duties.answer_tables import Absence
from registry.repairs.causes import read_cause, with_causes
from registry.repairs.tables import BoardRepair, State
from registry.rostering.build import problem_for_week


def problem_today(session: Session, board: RosterBoard) -> dict[str, Any]:
    """The problem. What happened in the week stands in no table of the district: the repairs that were accepted on
    this board say it, and the absences. What is hot stays hot.

    Raises:
        Refused: as `problem_for_week`.
    """
    return with_heat(tables_today(session, board), board.problem_json)


def tables_today(session: Session, board: RosterBoard) -> dict[str, Any]:
    """The same without the heat that the board alone knows of: it depends on the tables, and on which board it is."""
    wanted = select(BoardRepair.causes_json).where(
        BoardRepair.board_id == board.id, BoardRepair.status == State.ACCEPTED.value
    )
    causes = [read_cause(data) for some in session.exec(wanted.order_by(col(BoardRepair.id))) for data in some]
    return _without_absent(session, board, with_causes(problem_for_week(session, board.week), causes))


def with_heat(problem: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The problem with the hot days of a board's problem as well."""
    return {**problem, "heat_days": sorted({*problem["heat_days"], *known.get("heat_days", ())})}


def away_in_week(session: Session, monday: date) -> dict[str, set[str]]:
    """By volunteer the segments of a week in which they have said that they cannot come."""
    away: dict[str, set[str]] = defaultdict(set)
    days = col(Absence.day).between(monday, monday + timedelta(days=6))
    for row in session.exec(select(Absence).where(days, col(Absence.withdrawn_at).is_(None))):
        away[f"v{row.volunteer_id}"].add(f"{row.day.isoweekday()}-{row.part}")
    return away


def _without_absent(session: Session, board: RosterBoard, problem: dict[str, Any]) -> dict[str, Any]:
    away = away_in_week(session, board.week)
    if not away:
        return problem
    people = [
        {**v, "available": [s for s in v["available"] if s not in away[v["id"]]]} if v["id"] in away else v
        for v in problem["volunteers"]
    ]
    return {**problem, "volunteers": people}
