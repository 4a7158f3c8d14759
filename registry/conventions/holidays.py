"""Public holidays as the State Council's office announced them: what a new database's table of days off begins with.

Sources: notices of the General Office of the State Council on the holidays of 2022 (国办发明电〔2021〕11号), of 2025
(国办发明电〔2024〕12号) and of 2026 (国办发明电〔2025〕7号). Other years are entered by the district when they are
announced, each autumn for the next year.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

Span = tuple[str, str, str]
"""Name, first day, last day."""

HOLIDAYS: tuple[Span, ...] = (
    ("元旦", "2022-01-01", "2022-01-03"),
    ("春节", "2022-01-31", "2022-02-06"),
    ("清明节", "2022-04-03", "2022-04-05"),
    ("劳动节", "2022-04-30", "2022-05-04"),
    ("端午节", "2022-06-03", "2022-06-05"),
    ("中秋节", "2022-09-10", "2022-09-12"),
    ("国庆节", "2022-10-01", "2022-10-07"),
    ("元旦", "2025-01-01", "2025-01-01"),
    ("春节", "2025-01-28", "2025-02-04"),
    ("清明节", "2025-04-04", "2025-04-06"),
    ("劳动节", "2025-05-01", "2025-05-05"),
    ("端午节", "2025-05-31", "2025-06-02"),
    ("国庆节、中秋节", "2025-10-01", "2025-10-08"),
    ("元旦", "2026-01-01", "2026-01-03"),
    ("春节", "2026-02-15", "2026-02-23"),
    ("清明节", "2026-04-04", "2026-04-06"),
    ("劳动节", "2026-05-01", "2026-05-05"),
    ("端午节", "2026-06-19", "2026-06-21"),
    ("中秋节", "2026-09-25", "2026-09-27"),
    ("国庆节", "2026-10-01", "2026-10-07"),
)

MOVED: tuple[tuple[str, str], ...] = (
    *(("春节", "2022-01-29"), ("春节", "2022-01-30"), ("清明节", "2022-04-02"), ("劳动节", "2022-04-24")),
    *(("劳动节", "2022-05-07"), ("国庆节", "2022-10-08"), ("国庆节", "2022-10-09")),
    *(("春节", "2025-01-26"), ("春节", "2025-02-08"), ("劳动节", "2025-04-27")),
    *(("国庆节、中秋节", "2025-09-28"), ("国庆节、中秋节", "2025-10-11")),
    *(("元旦", "2026-01-04"), ("春节", "2026-02-14"), ("春节", "2026-02-28"), ("劳动节", "2026-05-09")),
    *(("国庆节", "2026-09-20"), ("国庆节", "2026-10-10")),
)
"""Weekend days that are worked instead (调休), and for which holiday."""


def announced() -> Iterator[tuple[date, bool, str]]:
    """Every day that differs from its weekday, whether it is worked, and its name."""
    for name, first, last in HOLIDAYS:
        begin = date.fromisoformat(first)
        for n in range((date.fromisoformat(last) - begin).days + 1):
            yield begin + timedelta(days=n), False, name
    for name, day in MOVED:
        yield date.fromisoformat(day), True, f"{name}调休"
