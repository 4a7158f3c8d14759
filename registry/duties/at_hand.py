"""What a volunteer should know of the class at hand: on the day its children's health, and notes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from registry import clock
from registry.accounts.permissions import Actor
from registry.attendance.page import health_at_hand
from registry.duties.mine import Stay
from registry.duties.notes import Note, notes_for
from registry.errors import RegistryError


@dataclass(frozen=True, slots=True)
class AtHand:
    """What to know before a stay: children and what is known about their health, and notes, the newest first.

    `is_today` says that the children of the class may be looked up by now; `refused` why nothing about them is shown.
    """

    is_today: bool
    health: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]
    refused: str = ""


def at_hand(session: Session, actor: Actor, stay: Stay, address: str = "") -> AtHand:
    """What is known of the class of a stay of the actor's. Health is shown on the day alone, by the rules of attendance
    (`registry.attendance.rights`), and each look is kept."""
    notes = notes_for(session, [stay.class_run_id], stay.day).get(stay.class_run_id, ())
    if stay.day != clock.today() or stay.state == "absent":
        return AtHand(False, (), notes)
    try:
        health = health_at_hand(session, actor, stay.class_run_id, stay.day, address)
    except RegistryError as error:
        return AtHand(False, (), notes, error.code)
    return AtHand(True, health, notes)
