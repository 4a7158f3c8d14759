"""What a repair makes true on a board: kept with its edit, so that undoing takes that back too."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select, update

from registry.repairs.causes import read_cause, with_causes
from registry.repairs.tables import BoardRepair, State

Json = dict[str, Any]
LISTS = {"volunteers": ("available",), "classes": ("segments", "slots")}
"""What an absence and a closed class take from whom."""


def facts_of(repair_id: int, before: Json, after: Json) -> Json:
    """What a repair has changed in a board's problem, as it is stored with the edit."""
    lost = []
    for kind, names in LISTS.items():
        now = {row["id"]: row for row in after[kind]}
        for row in before[kind]:
            gone = {name: [x for x in row[name] if x not in now[row["id"]][name]] for name in names}
            lost += [
                {"list": kind, "id": row["id"], "name": name, "values": gone[name]} for name in names if gone[name]
            ]
    known = before.get("heat_days", ())
    return {"id": repair_id, "lost": lost, "heat_days": [d for d in after.get("heat_days", ()) if d not in known]}


def without_facts(session: Session, board_id: int, problem: Json, facts: Json) -> Json:
    """The problem as it is once a repair is undone. What another accepted repair says too stays true; somebody or a
    class that is gone since is left alone."""
    given = {(row["list"], row["id"], row["name"]): row["values"] for row in facts["lost"]}
    order = {row["id"]: n for kind in ("segments", "slots") for n, row in enumerate(problem[kind])}
    changed: Json = {}
    for kind, names in LISTS.items():
        changed[kind] = [
            row | {name: _merged(row[name], given[key], order) for name in names
                   if (key := (kind, row["id"], name)) in given}
            for row in problem[kind]
        ]  # fmt: skip
    heat = [day for day in problem.get("heat_days", ()) if day not in facts["heat_days"]]
    others = select(BoardRepair.causes_json).where(
        BoardRepair.board_id == board_id, BoardRepair.status == State.ACCEPTED.value,
        col(BoardRepair.id) != facts["id"],
    )  # fmt: skip
    causes = [read_cause(data) for some in session.exec(others) for data in some]
    return with_causes({**problem, **changed, "heat_days": heat}, causes)


def _merged(there: list[str], more: list[str], order: dict[str, int]) -> list[str]:
    """In the order of the week; what the week no longer has is not given back."""
    return sorted({*there, *(x for x in more if x in order)}, key=lambda x: order.get(x, -1))


def reopen(session: Session, facts: Json) -> None:
    """A repair whose edit was undone waits for a decision again."""
    mine = update(BoardRepair).where(col(BoardRepair.id) == facts["id"])
    session.execute(mine.values(status=State.DONE.value, decided_by=None, decided_at=None))
