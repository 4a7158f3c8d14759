"""Dates as people write them, and working days by the district's table of days off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from registry.conventions.texts import half_width, visible
from registry.errors import FieldProblem, Invalid

_DATE = re.compile(r"(\d{4})\s*[.\-/年]\s*(\d{1,2})\s*[.\-/月]\s*(\d{1,2})\s*日?(?: 0{1,2}:00(?::00)?)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")

DaysOff = Mapping[date, bool]
"""Days that differ from their weekday, and whether they are worked: a holiday is not, a moved weekend day is."""


def read_day(text: str) -> date | None:
    """A date: 2026.7.1, 2026-07-01, 2026/7/1, 2026年7月1日 or 20260701, in any width. None for anything else."""
    written = half_width(visible(text[:50])).strip()
    found = _DATE.fullmatch(written) or _DIGITS.fullmatch(written)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def day_of(field: str, text: str) -> date:
    """The same for a form.

    Raises:
        Invalid: at the field `needed` or `date_malformed`.
    """
    day = read_day(text)
    if day is None:
        raise Invalid(FieldProblem(field, "date_malformed" if text.strip() else "needed"))
    return day


def is_working_day(day: date, days_off: DaysOff) -> bool:
    """Monday to Friday, unless the table says otherwise."""
    return days_off.get(day, day.isoweekday() <= 5)


def working_days_after(day: date, count: int, days_off: DaysOff) -> date:
    """The working day that is so many working days after a day, which does not count itself. Where the table ends,
    only weekends are days off."""
    if count < 0:
        raise ValueError("count may not be negative")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, days_off)
    return day


def working_days(first: date, last: date, days_off: DaysOff) -> list[date]:
    """The working days from the first day to the last, both included."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if is_working_day(day, days_off)]
