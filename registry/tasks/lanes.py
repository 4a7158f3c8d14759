"""Lanes of tasks: what somebody waits for in front of a page never stands behind what takes minutes."""

from __future__ import annotations

from enum import StrEnum


class Lane(StrEnum):
    """Each machine does one task of either lane at a time."""

    PROMPT = "prompt"
    LONG = "long"


PROMPT_KINDS = ("repair",)
"""Seconds each, with somebody in front of the page. Every other kind is long."""


def lane_of(kind: str) -> Lane:
    """The lane of a kind of task."""
    return Lane.PROMPT if kind in PROMPT_KINDS else Lane.LONG
