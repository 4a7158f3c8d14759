"""Reading one cell, in every way in which people write it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from registry.exchange import cells
from registry.exchange.cells import Cell, CellError


def refusal(read: Callable[[Cell], object], cell: Cell) -> tuple[str, dict[str, object]]:
    """The code and facts with which a cell is refused."""
    with pytest.raises(CellError) as caught:
        read(cell)
    return caught.value.code, caught.value.facts


@pytest.mark.parametrize(
    "cell",
    [
        "2026.7.1", "2026-07-01", "2026/7/1", "2026年7月1日", "20260701", 20260701.0, "２０２６．７．１",
        date(2026, 7, 1), datetime(2026, 7, 1), " 2026-7-1 ", "2026-07-01 00:00:00",
    ],
)  # fmt: skip
def test_a_date_in_any_writing(cell: Cell) -> None:
    assert cells.day(cell) == date(2026, 7, 1)


@pytest.mark.parametrize("cell", ["2026.7", "7月1日", "2026.13.1", "2026-02-30", "明天", 46204.0, "2026-07-01 09:30"])
def test_no_date(cell: Cell) -> None:
    assert refusal(cells.day, cell) == ("date_unreadable", {})


@pytest.mark.parametrize(
    "cell", ["2005.3", "2005-03", "2005/3", "2005年3月", "200503", 2005.3, "2005.3.20", "20050320", date(2005, 3, 9)]
)
def test_a_month_in_any_writing(cell: Cell) -> None:
    assert cells.month(cell) == date(2005, 3, 1)


def test_a_month_that_was_typed_as_a_number_may_have_lost_its_nought() -> None:
    assert cells.month("2005.1") == date(2005, 1, 1)
    assert cells.month("2005.10") == date(2005, 10, 1)
    assert cells.month(2005.11) == date(2005, 11, 1)
    assert refusal(cells.month, 2005.1) == ("month_ambiguous", {"year": 2005})


@pytest.mark.parametrize("cell", ["2005", "2005.13", "三月", "1890.3x", 38000.0])
def test_no_month(cell: Cell) -> None:
    assert refusal(cells.month, cell) == ("month_unreadable", {})


@pytest.mark.parametrize("cell", [21, 21.0, "21", "２１", " 21 ", "21人", "21.0"])
def test_a_whole_number(cell: Cell) -> None:
    assert cells.whole(0, 50)(cell) == 21


@pytest.mark.parametrize("cell", [21.5, "二十一", "21-22", "约21"])
def test_no_whole_number(cell: Cell) -> None:
    assert refusal(cells.whole(0, 50), cell) == ("number_unreadable", {})


def test_a_number_out_of_range() -> None:
    assert refusal(cells.whole(0, 50), 51.0) == ("number_out_of_range", {"least": 0, "most": 50})
    assert refusal(cells.decimal(0, 5), "-1") == ("number_out_of_range", {"least": 0, "most": 5})


@pytest.mark.parametrize("cell", [3.5, "3.5", "3.5公里", "３．５km"])
def test_a_decimal(cell: Cell) -> None:
    assert cells.decimal(0, 10)(cell) == 3.5


@pytest.mark.parametrize(
    "cell", [13795621897.0, "13795621897", "137 9562 1897", "+86 137-9562-1897", "１３７９５６２１８９７"]
)
def test_a_mobile_number(cell: Cell) -> None:
    assert cells.phone(cell) == "13795621897"


@pytest.mark.parametrize("cell", ["1379562189", "12795621897", "137956218970", "没有"])
def test_no_mobile_number(cell: Cell) -> None:
    assert refusal(cells.phone, cell) == ("phone_invalid", {})


def test_a_landline_only_where_it_may_be() -> None:
    assert cells.any_phone("023-6536 1234") == "02365361234"
    assert cells.any_phone("13795621897") == "13795621897"
    assert refusal(cells.phone, "023-65361234") == ("phone_invalid", {})


def test_a_number_of_more_than_15_digits_has_lost_some() -> None:
    assert refusal(cells.plain, 990000201503070028.0) == ("number_as_text", {"digits": 18})
    assert refusal(cells.text(50), 990000201503070028.0) == ("number_as_text", {"digits": 18})
    assert cells.plain(999999999999999.0) == "999999999999999"


@pytest.mark.parametrize(
    ("cell", "span"),
    [
        ("1-3年级", (1, 3)), ("三至六年级", (3, 6)), ("3—6年级", (3, 6)), ("１－３年级", (1, 3)), ("3~6", (3, 6)),
        ("全年级", (1, 6)), ("不限", (1, 6)), ("四年级", (4, 4)), (4.0, (4, 4)), ("一、二年级", (1, 2)),
        ("一年级至三年级", (1, 3)), ("小学3到4年级", (3, 4)), ("5,6年级", (5, 6)),
    ],
)  # fmt: skip
def test_grades(cell: Cell, span: tuple[int, int]) -> None:
    assert cells.grades(cell) == span


@pytest.mark.parametrize("cell", ["6-3年级", "0-3年级", "1-7年级", "初一", "一、三年级", "幼儿园", "-"])
def test_no_grades(cell: Cell) -> None:
    assert refusal(cells.grades, cell) == ("grades_unreadable", {})


@pytest.mark.parametrize(
    "cell",
    ["舞蹈室(30)、电脑室(24)", "舞蹈室（30）、电脑室（24）", "舞蹈室(30人)，电脑室( 24 )", "舞蹈室（３０）;电脑室(24)"],
)
def test_rooms(cell: Cell) -> None:
    assert cells.rooms(cell) == ([("舞蹈室", 30), ("电脑室", 24)], [])


@pytest.mark.parametrize("cell", ["无", "-", "", "暂无"])
def test_no_rooms(cell: Cell) -> None:
    assert cells.rooms(cell) == ([], [])


def test_unreadable_pieces_of_rooms_are_handed_back() -> None:
    assert cells.rooms("舞蹈室、电脑室(24)、手工室(0)") == ([("电脑室", 24)], ["舞蹈室", "手工室(0)"])


@pytest.mark.parametrize("cell", ["√", "✓", "✔", "是", "1", 1.0, True, "V", "Ｙ", "○"])
def test_yes(cell: Cell) -> None:
    assert cells.yes_no(cell) is True


@pytest.mark.parametrize("cell", ["", "×", "否", "无", "0", 0.0, False, "-", "X"])
def test_no(cell: Cell) -> None:
    assert cells.yes_no(cell) is False


@pytest.mark.parametrize("cell", ["?", "看情况", "2"])
def test_neither_yes_nor_no(cell: Cell) -> None:
    assert refusal(cells.yes_no, cell) == ("mark_unreadable", {})


@pytest.mark.parametrize(
    "cell", ["剪纸、合唱", "剪纸，合唱", "剪纸,合唱", "剪纸/合唱", "剪纸； 合唱", "剪纸、、合唱、剪纸"]
)
def test_lists(cell: Cell) -> None:
    assert cells.items(cell) == ["剪纸", "合唱"]


def test_a_mark_inside_brackets_does_not_part_a_list() -> None:
    assert cells.items("快递员（职业、体验），剪纸") == ["快递员(职业、体验)", "剪纸"]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("徐\u3000思源", "徐思源"), ("欧 阳静", "欧阳静"), ("阿卜杜热西提・买买提", "阿卜杜热西提·买买提"),
        ("阿卜杜热西提•买买提", "阿卜杜热西提·买买提"), ("李𬱖", "李𬱖"),
        (" John  Smith ", "John Smith"), ("\ufeff徐㼆", "徐㼆"),
    ],
)  # fmt: skip
def test_names(cell: Cell, name: str) -> None:
    assert cells.person_name(cell) == name


@pytest.mark.parametrize("cell", ["第一期", "第1期", "一期", "１", 1.0, "第 一 期"])
def test_terms_have_one_name(cell: Cell) -> None:
    assert cells.term_name(cell) == "第1期"


def test_text_is_kept_as_written_within_its_limit() -> None:
    assert cells.text(10)("\u3000（东）街 \n") == "（东）街"
    assert refusal(cells.text(3), "四个汉字") == ("text_too_long", {"limit": 3, "length": 4})


def test_words() -> None:
    read = cells.word({"男": "male"})
    assert read(" 男\u3000") == "male"
    assert refusal(read, "甲") == ("word_unknown", {"known": ["男"]})
