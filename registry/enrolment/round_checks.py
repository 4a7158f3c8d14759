"""What a round must be like before it is stored: every problem at once, each at its field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.enrolment.tables import Mode
from registry.errors import FieldProblem, Invalid

if TYPE_CHECKING:
    from registry.enrolment.rounds import RoundInput

ORDERS = ("served-first", "tier-first")
FAMILIES = ("prefer-together", "together-or-none")
LIMITS = {"name": 100, "notes_zh": 2000, "notes_en": 2000, "seed_event": 200}
RANGES = {"offer_hours": (1, 168), "most_wishes": (1, 20), "most_seats": (1, 10), "waitlist_length": (0, 500)}
CHOICES = {"mode": tuple(Mode), "order": ORDERS, "families": FAMILIES}


def checked(given: RoundInput) -> None:
    """Make sure of it.

    Raises:
        Invalid: with every field that has to be changed.
    """
    problems = list(_problems(given))
    if problems:
        raise Invalid(*problems)


def _problems(given: RoundInput) -> Iterator[FieldProblem]:
    for name, limit in LIMITS.items():
        length = len(getattr(given, name))
        if length > limit:
            yield FieldProblem(name, "too_long", {"limit": limit, "length": length})
    if not given.name.strip():
        yield FieldProblem("name", "needed")
    for name, (low, high) in RANGES.items():
        if not low <= getattr(given, name) <= high:
            yield FieldProblem(name, "out_of_range", {"low": low, "high": high})
    for name, allowed in CHOICES.items():
        if getattr(given, name) not in allowed:
            yield FieldProblem(name, "choose_one")
    if given.opens_at >= given.closes_at:
        yield FieldProblem("closes_at", "must_be_later")
    if given.confirm_by is not None and given.confirm_by <= given.closes_at:
        yield FieldProblem("confirm_by", "must_be_later")
