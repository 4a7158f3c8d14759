"""Names, papers, grades, working days, order by pinyin: worked examples, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from registry.conventions.days import read_day, working_days, working_days_after
from registry.conventions.grades import age_on, entry_year_of, entry_years, grade_on, is_usual_entry, next_summer
from registry.conventions.holidays import announced
from registry.conventions.names import LONGEST_NAME, mask_name, name_of, normalise_name
from registry.conventions.papers import PaperKind, check_digit, is_sample, mask_paper, paper_of
from registry.conventions.pinyin import pinyin_key
from registry.conventions.texts import line_of, note_of
from registry.errors import Invalid

TODAY = date(2026, 7, 13)
DAYS_OFF = {day: is_worked for day, is_worked, _ in announced()}


def problem(error: pytest.ExceptionInfo[Invalid]) -> tuple[str, str]:
    """The field and the code of the only problem."""
    (found,) = error.value.problems
    return found.field, found.code


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张三丰", "张三丰"), (" 张 三\u3000丰 ", "张三丰"), ("李𬱖", "李𬱖"), ("徐㼆", "徐㼆"),
        ("张\uf92c", "张\uf92c"), ("张\u200b三\ufeff", "张三"), ("𠂇\ue816", "𠂇𠂇"), ("ئادىل", "ئادىل"),
        ("阿卜杜热西提・买买提", "阿卜杜热西提·买买提"), ("阿卜杜热西提 • 买买提", "阿卜杜热西提·买买提"),
        ("Ｊｏｈｎ  Smith", "John Smith"), ("Zoe\u0308 O’Neil-Li Jr.", "Zo\u00eb O’Neil-Li Jr."),
        ("བཀྲཤིས", "བཀྲཤིས"), ("张" * LONGEST_NAME, "张" * LONGEST_NAME),
    ],
)  # fmt: skip
def test_a_name_has_one_way_to_be_written(typed: str, name: str) -> None:
    assert name_of("name", typed) == name
    assert normalise_name(name) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "needed"), (" \u3000\u200b", "needed"), ("<script>alert(1)</script>", "name_malformed"),
        ("张三<b>", "name_malformed"), ("张三&amp;", "name_malformed"), ('张"三', "name_malformed"),
        ("张三1", "name_malformed"), ("\ud800", "name_malformed"),
        ("张\x00三", "name_malformed"), ("张\u202e三", "name_malformed"), ("张😀", "name_malformed"),
        ("···", "name_malformed"), ("·张", "name_malformed"), ("张\ue000", "name_malformed"),
        ("'; DROP TABLE child; --", "name_malformed"), ("张" * 101, "too_long"), ("张" * 50_000, "too_long"),
    ],
)  # fmt: skip
def test_what_is_no_name_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as error:
        name_of("name", typed)
    assert problem(error) == ("name", code)


def test_masks() -> None:
    names = ("张三丰", "李四", "李", "", "阿卜杜热西提·买买提", "李𬱖")
    assert [mask_name(name) for name in names] == ["张*丰", "李*", "*", "", "阿*提", "李*"]
    papers = ("99000020150307001X", "H12345678", "ABC123456789012", "E1234")
    assert [mask_paper(number) for number in papers] == [
        "990***********001X", "H******78", "ABC********9012", "E**34",
    ]  # fmt: skip


def test_lists_of_people_are_ordered_by_pinyin_with_the_readings_of_surnames() -> None:
    """区 is Ōu, 仇 Qiú (after 邱 Qiū), 单 Shàn, 解 Xiè, 曾 Zēng, 查 Zhā, and 单于 is Chányú."""
    ordered = [
        "Anna",
        "安一",
        "单于一",
        "盖一",
        "李三",
        "李四",
        "区一",
        "邱一",
        "仇一",
        "单一",
        "解一",
        "曾一",
        "查一",
        "长孙一",
    ]
    assert sorted(set(ordered), key=pinyin_key) == ordered


# 9·7+9·9+0·10+0·5+0·8+0·4+2·2+0·1+1·6+5·3+0·7+3·9+0·10+7·5+0·8+0·4+1·2 = 233 = 21·11 + 2 → X
@pytest.mark.parametrize(
    ("first", "digit"), [("99000020150307001", "X"), ("99000020150307002", "8"), ("99000020160229005", "0")]
)
def test_the_check_digit_of_a_resident_number(first: str, digit: str) -> None:
    assert check_digit(first) == digit


@pytest.mark.parametrize(
    ("kind", "typed", "number", "born_on", "sex"),
    [
        ("resident_id", " 990000 20150307 001x ", "99000020150307001X", date(2015, 3, 7), "male"),
        ("resident_id", "９９００００２０１５０３０７００２８", "990000201503070028", date(2015, 3, 7), "female"),
        ("resident_id", "990000201602290050", "990000201602290050", date(2016, 2, 29), "male"),
        ("hmt_residence", f"81000020150307002{check_digit('81000020150307002')}", None, date(2015, 3, 7), "female"),
        ("hk_macao_permit", "h12345678", "H12345678", None, None),
        ("hk_macao_permit", "M1234567801", "M1234567801", None, None),
        ("taiwan_permit", "12345678", "12345678", None, None),
        ("foreigner_residence", "abc123456789012", "ABC123456789012", None, None),
        ("foreigner_residence", f"91584020150307001{check_digit('91584020150307001')}", None, date(2015, 3, 7), "male"),
        ("passport", "E 1234 5678", "E12345678", None, None),
    ],
)  # fmt: skip
def test_papers(kind: str, typed: str, number: str | None, born_on: date | None, sex: str | None) -> None:
    paper = paper_of(PaperKind(kind), typed, TODAY)
    assert (paper.number, paper.born_on, paper.sex) == (number or typed, born_on, sex)


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("resident_id", "", "needed"), ("resident_id", "990000201503070011", "paper_check_digit"),
        ("resident_id", "99000020150307001", "paper_malformed"), ("resident_id", "990000150307001", "paper_malformed"),
        ("resident_id", "98000020150307001X", "paper_region"), ("resident_id", "990000201502300011", "paper_birth"),
        ("resident_id", "990000202607140016", "paper_birth"), ("hk_macao_permit", "A12345678", "paper_malformed"),
        ("passport", "<b>", "paper_malformed"), ("resident_id", "1" * 50_000, "paper_malformed"),
        ("resident_id", "٩٩٠٠٠٠20150307001X", "paper_malformed"),
    ],
)  # fmt: skip
def test_papers_that_cannot_be(kind: str, typed: str, code: str) -> None:
    with pytest.raises(Invalid) as error:
        paper_of(PaperKind(kind), typed, TODAY)
    assert problem(error) == ("paper_number", code)


def test_samples_belong_to_nobody() -> None:
    assert [is_sample(number) for number in ("99000020150307001X", "11000020150307001X", "9912")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("day", "grade"),
    [
        (date(2024, 8, 31), 0),
        (date(2024, 9, 1), 1),
        (date(2026, 7, 13), 2),
        (date(2026, 8, 31), 2),
        (date(2026, 9, 1), 3),
    ],
)
def test_the_grade_turns_on_1_september(day: date, grade: int) -> None:
    assert grade_on(2024, day) == grade
    assert entry_year_of(grade, day) == 2024


def test_years_of_entry_to_choose_from() -> None:
    assert entry_years(TODAY, 0, 3) == [2026, 2025, 2024, 2023]
    assert [next_summer(day) for day in (date(2026, 5, 1), date(2026, 8, 31), date(2026, 9, 1))] == [
        date(2026, 7, 1), date(2026, 7, 1), date(2027, 7, 1),
    ]  # fmt: skip


def test_ages_and_years_of_entry_that_are_worth_asking_again() -> None:
    assert [age_on(date(2016, 2, 29), day) for day in (date(2023, 2, 28), date(2023, 3, 1))] == [6, 7]
    # Six on 31 August 2023, born the day before; five, born the day after.
    assert [is_usual_entry(date(2017, 8, 31), year) for year in (2022, 2023, 2024, 2025)] == [False, True, True, False]
    assert is_usual_entry(date(2017, 9, 1), 2023) is False


@pytest.mark.parametrize(
    "typed", ["2026.7.1", "2026-07-01", "2026/7/1", "2026年7月1日", "20260701", "２０２６０７０１", " 2026. 7. 1 "]
)
def test_dates_as_people_write_them(typed: str) -> None:
    assert read_day(typed) == date(2026, 7, 1)


@pytest.mark.parametrize("typed", ["", "2026-02-30", "26-7-1", "<b>", "2026-07-01" * 9, "20261301"])
def test_what_is_no_date(typed: str) -> None:
    assert read_day(typed) is None


@pytest.mark.parametrize(
    ("after", "end"),
    [
        # 16–19 (4), 22–26 (9), Sunday 28 is worked (10), 29–30 (12), 9–10 October (14), Saturday 11 too (15), 13–17.
        (date(2025, 9, 15), date(2025, 10, 17)),
        # 11 (1), 14–18 (6), Sunday 20 is worked (7), 21–24 (11), 28–30 (14), 8–10 October (17), 12–14.
        (date(2026, 9, 10), date(2026, 10, 14)),
        # 14–16 (3), 19–23 (8), 26–30 (13), 8 and 9 October are worked (15), 10–14.
        (date(2022, 9, 13), date(2022, 10, 14)),
    ],
)
def test_twenty_working_days(after: date, end: date) -> None:
    assert working_days_after(after, 20, DAYS_OFF) == end


def test_working_days_of_a_week_and_without_a_table() -> None:
    assert working_days(date(2026, 9, 21), date(2026, 9, 28), DAYS_OFF) == [
        *(date(2026, 9, day) for day in (21, 22, 23, 24)), date(2026, 9, 28),
    ]  # fmt: skip
    assert working_days_after(date(2030, 7, 5), 1, {}) == date(2030, 7, 8)
    assert working_days_after(date(2030, 7, 6), 0, {}) == date(2030, 7, 6)


def test_free_text_keeps_its_words_and_loses_what_nobody_sees() -> None:
    assert line_of("school", " 第一\u3000小学\t（北）\u200b ", 20) == "第一 小学 （北）"
    assert note_of("note", "花生过敏\r\n\n <b>备药</b> \x0b", 50) == "花生过敏\n\n<b>备药</b>"


@pytest.mark.parametrize(("typed", "code"), [("", "needed"), ("a\x00b", "text_malformed"), ("字" * 21, "too_long")])
def test_free_text_that_cannot_be_kept(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as error:
        line_of("school", typed, 20, needed=True)
    assert problem(error) == ("school", code)
