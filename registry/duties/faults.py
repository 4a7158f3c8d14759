"""What keeps a roster from being published, so that it can be shown and mended: broken rules, and what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from registry.duties.difference import Told, teller
from registry.duties.publish import number_of
from registry.engine.rosters import breaches
from registry.errors import Refused, SolveFailed
from registry.people import Volunteer
from registry.programme import ClassRun, Course, Room

GONE = {"person_gone": Volunteer, "class_gone": ClassRun, "course_gone": Course, "room_gone": Room}
"""Faults that are no rules: an entry names a row that has been deleted since."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule, or something that is gone, with the entries that it is about: whose each is, and what."""

    rule: str
    entries: tuple[tuple[str, Told], ...]


def faults_of(
    session: Session, monday: date, problem_json: dict[str, Any], roster_json: dict[str, Any]
) -> tuple[Fault, ...]:
    """Everything that keeps a roster from being published, and nothing where it may be."""
    try:
        broken = breaches(problem_json, roster_json)
    except SolveFailed as error:
        return (Fault(error.code, ()),)
    tell = teller(monday, problem_json)
    found = [Fault(rule, tuple(map(tell, entries))) for rule, entries in broken]
    return (*found, *(Fault(code, (tell(entry),)) for code, entry in _gone(session, roster_json)))


def require_sound(session: Session, monday: date, problem_json: dict[str, Any], roster_json: dict[str, Any]) -> None:
    """Make sure that a roster may be published.

    Raises:
        Refused: `roster_faulty`, with how many faults there are, their rules, and the first of them as entries.
    """
    found = faults_of(session, monday, problem_json, roster_json)
    if found:
        raise Refused("roster_faulty", n=len(found), rules=sorted({fault.rule for fault in found}))


def _gone(session: Session, roster_json: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries that name something that the tables have no more."""
    there = {code: set(session.exec(select(model.id))) for code, model in GONE.items()}  # type: ignore[attr-defined]
    for entry in (*roster_json["duties"], *roster_json["lessons"]):
        named = {
            "person_gone": entry.get("volunteer") or entry.get("instructor"), "class_gone": entry["class"],
            "course_gone": entry.get("course"), "room_gone": entry.get("room"),
        }  # fmt: skip
        for code, id_ in named.items():
            if id_ and number_of(id_) not in there[code]:
                yield code, entry
