"""The only module that reads the wall clock, so that everything else can be repeated."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, with time zone UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date in Shanghai, where every site is."""
    return now().astimezone(SHANGHAI).date()
