"""When a mark happened, by the phone's clock and ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry import clock
from registry.clock import SHANGHAI

LONGEST_WAIT = timedelta(hours=36)
"""A mark that waited longer on a phone says nothing about when it was made."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a mark was made, and whether the phone's clock is out."""

    at: datetime
    is_skewed: bool


def moment_of(device_at: datetime | None, sent_at: datetime | None, day: date, skew_minutes: int) -> Moment:
    """A mark was made at `device_at` and sent at `sent_at`, both by the phone's clock, which may be wrong.

    The time that it waited is right even then, so that it is taken off our own clock. A moment that would lie on
    another day than the mark's is flagged and put at the moment of arrival.
    """
    now = clock.now()
    if device_at is None:
        return Moment(now, is_skewed=False)
    sent = sent_at or device_at
    is_skewed = abs(now - sent) > timedelta(minutes=skew_minutes)
    waited = sent - device_at
    if not timedelta() <= waited <= LONGEST_WAIT:
        return Moment(now, is_skewed=True)
    at = now - waited
    if at.astimezone(SHANGHAI).date() != day:
        return Moment(now, is_skewed=True)
    return Moment(at, is_skewed)
