"""One row of the workbook, read: the same values that the forms online give, or what is wrong with each cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from registry.conventions.grades import entry_year_of
from registry.enrolment.applications import Details
from registry.enrolment.paper.shape import CONSENTS, RELATIONS, SEXES, WEEKDAYS, WISH
from registry.enrolment.search import ClassRow
from registry.exchange.cells import Cell, CellError, day, key, person_name, phone, plain, text, whole, word, yes_no
from registry.exchange.sheets import Row
from registry.families.inputs import ChildInput
from registry.privacy.tables import ConsentItem

_GRADE = re.compile("([一二三四五六1-6])年级")


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A form on paper: who, which child, what is wished for, what was answered with yes and no, when it was signed."""

    guardian: str
    phone: str
    relation: str
    child: ChildInput
    born_on: date
    wishes: tuple[int, ...]
    details: Details
    consents: Mapping[ConsentItem, bool]
    signed_on: date


@dataclass(frozen=True, slots=True)
class Known:
    """What the cells may name: the round's class runs, priority groups by their names; the day of today, and a day of
    the season, whose grades are meant."""

    classes: Sequence[ClassRow]
    groups: Mapping[str, str]
    today: date
    summer: date


def label(row: ClassRow) -> str:
    """A class run as the workbook offers it: unmistakable, and its number behind for whoever types."""
    return f"{row.term} {row.site} {row.name} #{row.id}"


def read_form(row: Row, known: Known) -> PaperForm | None:
    """The form of a row; None, and told in the row, where a cell that it needs cannot be read."""
    by_label = {key(label(c)): c.id for c in known.classes} | {f"#{c.id}": c.id for c in known.classes}
    by_label |= {str(c.id): c.id for c in known.classes}
    born = row.need("born_on", day, known.today)
    signed = row.need("signed_on", day, known.today)
    form = PaperForm(
        guardian=row.need("guardian", person_name, ""),
        phone=row.need("phone", phone, ""),
        relation=row.may("relation", word(RELATIONS), "other"),
        child=ChildInput(
            name=row.need("child", text(100), ""),
            sex=row.need("sex", word(SEXES), ""),
            born_on=born.isoformat(),
            entry_year=row.need("entry_year", _entry_year(known.summer), ""),
            school=row.may("school", text(100), ""),
        ),
        born_on=born,
        wishes=_wishes(row, by_label),
        details=Details(
            weekdays=row.may("weekdays", _weekdays, (1, 2, 3, 4, 5)),
            seats=row.may("seats", whole(1, 9), 1),
            together=row.may("together", yes_no, True),
            group=row.may("group", _group(known.groups), None),
        ),
        consents=_consents(row),
        signed_on=signed,
    )
    if signed > known.today:
        row.fail("date_ahead", "signed_on")
    return None if row.failed else form


def _wishes(row: Row, by_label: Mapping[str, int]) -> tuple[int, ...]:
    found: list[int] = []
    for field in WISH:
        if row.is_empty(field):
            continue
        number = row.need(field, _class_run(by_label), 0)
        if number and number in found:
            row.fail("wish_twice", field)
        found += [number] if number else []
    if row.is_empty("wish1"):
        row.fail("value_missing", "wish1")
    return tuple(found)


def _class_run(by_label: Mapping[str, int]) -> Callable[[Cell], int]:
    def read(cell: Cell) -> int:
        named = key(cell)
        behind = re.search(r"#(\d+)$", named)
        found = by_label.get(named) or (by_label.get(f"#{behind[1]}") if behind else None)
        if found is None:
            raise CellError("class_unknown")
        return found

    return read


def _consents(row: Row) -> dict[ConsentItem, bool]:
    """Yes and no, item by item. An empty cell is no answer: what is needed is then told as missing."""
    return {item: row.need(item.value, yes_no, False) for item in CONSENTS if not row.is_empty(item.value)}


def _group(groups: Mapping[str, str]) -> Callable[[Cell], str | None]:
    def read(cell: Cell) -> str | None:
        if key(cell) in ("无", "没有", "否", "none"):
            return None
        return word(groups)(cell)

    return read


def _entry_year(summer: date) -> Callable[[Cell], str]:
    """A year, or the grade of the school year that ends in that summer."""

    def read(cell: Cell) -> str:
        written = plain(cell)
        grade = _GRADE.search(written)
        if grade:
            number = "一二三四五六".find(grade[1]) + 1 or int(grade[1])
            return str(entry_year_of(number, summer))
        return str(whole(1990, 2100)(re.sub("年.*$", "", written)))

    return read


def _weekdays(cell: Cell) -> tuple[int, ...]:
    """周一至周五, 一三五, 周一、周三, 12345."""
    written = re.sub("[周星期礼拜]", "", key(cell))
    span = re.fullmatch(f"([{WEEKDAYS}1-5])[-至到—~]([{WEEKDAYS}1-5])", written)
    if written in ("全周", "每天", "天天", "都来") or written == "全":
        return (1, 2, 3, 4, 5)
    numbers = [
        WEEKDAYS.find(letter) + 1 or int(letter) for letter in re.sub("[、,/和及]", "", written) if _is_day(letter)
    ]
    if span:
        return tuple(range(numbers[0], numbers[-1] + 1)) or _unreadable()
    if len(numbers) != len(re.sub("[、,/和及]", "", written)) or not numbers:
        _unreadable()
    return tuple(sorted(set(numbers)))


def _is_day(letter: str) -> bool:
    return letter in WEEKDAYS or letter in "12345"


def _unreadable() -> tuple[int, ...]:
    raise CellError("weekdays_unreadable")
