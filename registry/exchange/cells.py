"""Reading one cell: every way in which people write a date, a number, a list or a tick.

Each reader takes what calamine gives and returns a value, or raises `CellError` with a code and facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from registry.conventions.days import read_day
from registry.conventions.names import normalise_name
from registry.conventions.texts import half_width, visible

Cell = int | float | str | bool | time | date | datetime | timedelta
T = TypeVar("T")

LONGEST_NUMBER = 10**15
"""Excel keeps 15 digits: a longer number has already lost some."""

_CHINESE_DIGITS = {digit: str(n) for n, digit in enumerate("一二三四五六七八九", start=1)}
_MONTH = re.compile(r"(\d{4})\s*[.\-/年]\s*(\d{1,2})\s*月?")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}|[2-9]\d{6,7}")
_TICKS = frozenset({*"√✓✔☑✅vy1是有对可○●o", "可以", "yes", "true"})
_CROSSES = frozenset({*"×✗✘☐xn0否无不-—–/", "不可", "no", "false", ""})


class CellError(Exception):
    """A cell that cannot be read as what its column asks for."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def shown(cell: Cell) -> str:
    """The cell as a person sees it in Excel, near enough to find it again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return str(cell)


def plain(cell: Cell) -> str:
    """Text for reading: half-width, no invisible characters, no space at the ends."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= LONGEST_NUMBER:
        raise CellError("number_as_text", digits=len(str(int(abs(cell)))))
    return visible(half_width(shown(cell))).strip()


def key(cell: Cell) -> str:
    """Text for comparing: as `plain`, without any space, in lower case."""
    return re.sub(r"\s", "", plain(cell)).casefold()


def text(limit: int) -> Callable[[Cell], str]:
    """A reader of text kept as it was written, at most `limit` characters."""

    def read(cell: Cell) -> str:
        plain(cell)  # refuses numbers that have lost digits
        written = visible(shown(cell)).strip("\u3000\xa0 \t\r\n")
        if len(written) > limit:
            raise CellError("text_too_long", limit=limit, length=len(written))
        return written

    return read


def person_name(cell: Cell) -> str:
    """A name in the one way to write it. Nothing is refused: rosters hold names such as 张三(大)."""
    return normalise_name(text(100)(cell))


def whole(least: int, most: int) -> Callable[[Cell], int]:
    """A reader of a whole number within both limits."""

    def read(cell: Cell) -> int:
        found = re.fullmatch(r"(-?\d+)(?:\.0+)?\s*[人名个]?", plain(cell))
        if not found:
            raise CellError("number_unreadable")
        return _within(int(found[1]), least, most)

    return read


def decimal(least: float, most: float) -> Callable[[Cell], float]:
    """A reader of a number within both limits, with or without 公里 or km behind it."""

    def read(cell: Cell) -> float:
        found = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*(?:公里|千米|km|°)?", plain(cell).casefold())
        if not found:
            raise CellError("number_unreadable")
        return _within(float(found[1]), least, most)

    return read


def _within(value: T, least: T, most: T) -> T:
    if not least <= value <= most:  # type: ignore[operator]
        raise CellError("number_out_of_range", least=least, most=most)
    return value


def day(cell: Cell) -> date:
    """A date: an Excel date, 2026.7.1, 2026-07-01, 2026/7/1, 2026年7月1日 or 20260701."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = read_day(plain(cell))
    if found is None:
        raise CellError("date_unreadable")
    return found


def month(cell: Cell) -> date:
    """The first day of a month: 2005.3, 2005-03, 2005年3月, 200503, or any date in it.

    A *number* 2005.1 may be January, or October with its nought lost: it is refused.
    """
    if isinstance(cell, date):
        return date(cell.year, cell.month, 1)
    written = plain(cell)
    if isinstance(cell, float) and re.fullmatch(r"\d{4}\.1", written):
        raise CellError("month_ambiguous", year=int(cell))
    found = _MONTH.fullmatch(written) or re.fullmatch(r"(\d{4})(\d{2})", written)
    if found and 1 <= int(found[2]) <= 12 and int(found[1]) >= 1900:
        return date(int(found[1]), int(found[2]), 1)
    try:
        return day(cell).replace(day=1)
    except CellError:
        raise CellError("month_unreadable") from None


def phone(cell: Cell) -> str:
    """A mobile number of 11 digits; spaces, dashes and +86 are dropped. An exact number is fine too."""
    digits = re.sub(r"^(?:\+86|0086)", "", re.sub(r"[\s\-()]", "", plain(cell)))
    if not _MOBILE.fullmatch(digits):
        raise CellError("phone_invalid")
    return digits


def any_phone(cell: Cell) -> str:
    """A mobile number or a landline."""
    digits = re.sub(r"[\s\-()]", "", plain(cell))
    return digits if _LANDLINE.fullmatch(digits) else phone(cell)


def yes_no(cell: Cell) -> bool:
    """是, √, 有 … or 否, ×, 无 …; an empty cell is no."""
    if isinstance(cell, bool):
        return cell
    word = key(cell)
    if word in _TICKS or word in _CROSSES:
        return word in _TICKS
    raise CellError("mark_unreadable")


def word(meanings: Mapping[str, T]) -> Callable[[Cell], T]:
    """A reader of one of several words."""

    def read(cell: Cell) -> T:
        found = meanings.get(key(cell))
        if found is None:
            raise CellError("word_unknown", known=list(meanings))
        return found

    return read


def items(cell: Cell) -> list[str]:
    """A list separated by 、 , / ; or line breaks, in either width; marks inside brackets do not count."""
    pieces = re.split(r"[、,/;\n](?![^(]*\))", plain(cell))
    return list(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def grades(cell: Cell) -> tuple[int, int]:
    """Lowest and highest grade: 1-3年级, 三至六年级, 3—6年级, 四年级, 一、二年级, 全年级."""
    written = key(cell).replace("小学", "")
    if re.fullmatch(r"(?:全|全部|全体|所有|各|不限)(?:年级)?", written):
        return (1, 6)
    written = "".join(_CHINESE_DIGITS.get(c, c) for c in re.sub("年级|年|级|班", "", written))
    span = re.fullmatch(r"([1-6])(?:[-–—―~～〜至到]+([1-6]))?", written)
    low, high = (int(span[1]), int(span[2] or span[1])) if span else _grade_list(written)
    if low > high:
        raise CellError("grades_unreadable")
    return low, high


def _grade_list(written: str) -> tuple[int, int]:
    """Grades one after the other, without a gap."""
    found = [int(piece) for piece in re.split("[、,/和及]", written) if re.fullmatch("[1-6]", piece)]
    if len(found) < 2 or found != list(range(found[0], found[-1] + 1)) or len(written) != 2 * len(found) - 1:
        raise CellError("grades_unreadable")
    return found[0], found[-1]


def rooms(cell: Cell) -> tuple[list[tuple[str, int]], list[str]]:
    """Rooms as (kind, capacity), and the pieces that could not be read: 舞蹈室(30)、电脑室（24人）, 无."""
    if key(cell) in _CROSSES or key(cell) in {"没有", "暂无"}:
        return [], []
    good, bad = [], []
    for piece in re.split(r"[、,/;\n]", plain(cell)):
        found = re.fullmatch(r"\s*([^()\d]+?)\s*\(\s*(\d{1,3})\s*[人座名]?\s*\)\s*", piece)
        if found and int(found[2]) > 0:
            good.append((found[1], int(found[2])))
        elif piece.strip():
            bad.append(piece.strip())
    return good, bad


def term_name(cell: Cell) -> str:
    """第一期, 第1期, 一期 and 1 are one name: 第1期. Anything else stays as it is."""
    written = re.sub("[一二三四五六七八九]", lambda found: _CHINESE_DIGITS[found[0]], key(cell))
    found = re.fullmatch(r"第?(\d+)期?", written)
    return f"第{found[1]}期" if found else written


def has_full_width_digits(cell: Cell) -> bool:
    """Whether somebody typed digits in full width."""
    return isinstance(cell, str) and re.search("[０-９]", cell) is not None
