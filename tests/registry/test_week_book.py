"""The workbook of a week: out and back, edited in one place or in two, with every mistake told by its cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import xlsxwriter
from factories import duty, example, lesson, roster
from papers import ENTRIES, FINISHED, week_facts
from python_calamine import CalamineWorkbook

from registry.errors import WorkbookRefused
from registry.exchange.book import Book
from registry.exchange.book_read import BookContents, WeekBook
from registry.exchange.book_rows import CODES
from registry.exchange.book_words import SHEETS, Language
from registry.exchange.book_write import week_book
from registry.rostering.week_names import masked
from registry.rostering.week_store import class_names
from scheduler import Roster, read_problem, read_roster

CARE, TIMETABLE, DUTIES, LESSONS = "按班看护", "按班课程", "值班名单", "课程名单"
Cells = dict[tuple[str, int, int], str]
"""Sheet, Excel's row, column from 0: what is written there."""


def book(
    path: Path, problem_json: dict[str, Any] | None = None, entries: Roster = ENTRIES, language: Language = "zh"
) -> Path:
    problem_json = problem_json or week_facts()
    made = Book(read_problem(problem_json), entries, class_names(problem_json), language, 7, FINISHED)
    path.write_bytes(week_book(made))
    return path


def edited(path: Path, changes: Cells, *, without: str | None = None) -> Path:
    """The workbook as somebody hands it back: every sheet written anew, some cells changed."""
    source = CalamineWorkbook.from_path(path)
    with xlsxwriter.Workbook(path.with_name("edited.xlsx"), {"strings_to_formulas": False}) as target:
        for name in source.sheet_names:
            if name == without:
                continue
            sheet = target.add_worksheet(name)
            for row, cells in enumerate(source.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
                for column, cell in enumerate(cells):
                    if (name, row, column) not in changes:
                        sheet.write(row - 1, column, cell)
            for (where, row, column), text in changes.items():
                if where == name and text:
                    sheet.write_string(row - 1, column, text)
    return path.with_name("edited.xlsx")


def read(path: Path, entries: Roster = ENTRIES, problem_json: dict[str, Any] | None = None) -> BookContents:
    problem_json = problem_json or week_facts()
    return WeekBook(path).contents(read_problem(problem_json), entries, class_names(problem_json))


def find(path: Path, sheet: str, *texts: str) -> int:
    """Excel's row of the first row that holds all the texts."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return next(n for n, row in enumerate(rows, start=1) if all(any(t in str(cell) for cell in row) for t in texts))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return book(tmp_path / "week.xlsx")


Change = Callable[[Cells], BookContents]


@pytest.fixture
def after(made: Path) -> Change:
    """What is read once these cells were changed."""
    return lambda changes: read(edited(made, changes))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_out_and_in_is_the_same_roster(tmp_path: Path, language: Language) -> None:
    path = book(tmp_path / "week.xlsx", language=language)
    facts = WeekBook(path).facts
    assert (facts.week, facts.draft) == ("2026-07-13", 7)
    assert read(path) == BookContents(ENTRIES, ())


def test_an_example_week_comes_back_whole(tmp_path: Path) -> None:
    problem_json = example("tiny-week")
    best = read_roster(example("tiny-week.best"), read_problem(problem_json))
    assert len(best.duties) > 3
    path = book(tmp_path / "week.xlsx", problem_json, best)
    assert read(path, best, problem_json) == BookContents(best, ())


def test_masked_names_come_back_to_the_same_people(tmp_path: Path) -> None:
    """A workbook from the web has masked names; it is read against the whole ones."""
    path = book(tmp_path / "week.xlsx", masked(week_facts()))
    assert "李𬱖" not in str(CalamineWorkbook.from_path(path).get_sheet_by_name(DUTIES).to_python())
    assert read(path) == BookContents(ENTRIES, ())


def test_the_sheets_are_there_and_their_heads_stay_in_sight(made: Path) -> None:
    assert CalamineWorkbook.from_path(made).sheet_names == [zh for zh, _ in SHEETS.values()]
    with ZipFile(made) as archive:
        sheets = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    assert [('state="frozen"' in s, 'paperSize="9"' in s) for s in sheets] == [
        (s is not sheets[0], True) for s in sheets
    ]
    care, lists = sheets[1], sheets[3]
    assert care.count("<dataValidation ") > 4 and lists.count("<dataValidation ") == 4
    assert "'志愿者'!$A$2:$A$6" in lists


def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    changed = week_facts()
    nasty = ("=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "http://x.example")
    for person, name in zip(changed["volunteers"], nasty, strict=True):
        person["name"] = name
    path = book(tmp_path / "week.xlsx", changed)
    with ZipFile(path) as archive:
        xml = "".join(archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet"))
        styles = archive.read("xl/styles.xml").decode()
    assert (len(re.findall(r"<f[ >]", xml)), xml.count("<hyperlink")) == (0, 0)
    assert 'quotePrefix="1"' in styles
    assert read(path, problem_json=changed) == BookContents(ENTRIES, ())


def test_an_entry_of_the_list_is_changed_added_and_taken_out(made: Path, after: Change) -> None:
    row = find(made, DUTIES, "1-2年级班", "[1-am]", "徐㼆")
    found = after({(DUTIES, row, 3): "司马𠀀 [v5]"})
    assert found == BookContents(swapped(duty("v2", "c1", "1-am"), duty("v5", "c1", "1-am")), ())
    last = len(ENTRIES.duties) + 2
    new = {
        (DUTIES, last, 0): "c1",
        (DUTIES, last, 1): "[1-pm]",
        (DUTIES, last, 2): "assistant",
        (DUTIES, last, 3): "v3",
    }
    assert after(new).roster.duties - ENTRIES.duties == {duty("v3", "c1", "1-pm")}
    gone = after({(DUTIES, row, column): "" for column in range(4)})
    assert gone == BookContents(swapped(duty("v2", "c1", "1-am")), ())


def test_a_cell_of_the_sheet_by_class_is_changed_added_and_taken_out(made: Path, after: Change) -> None:
    row = find(made, CARE, "1-2年级班", "助教", "徐㼆")
    monday_morning, afternoon = 2, 4
    assert after({(CARE, row, monday_morning): "司马𠀀 [v5]"}) == BookContents(
        swapped(duty("v2", "c1", "1-am"), duty("v5", "c1", "1-am")), ()
    )
    assert after({(CARE, row, afternoon): "v5"}).roster.duties - ENTRIES.duties == {duty("v5", "c1", "1-pm")}
    assert after({(CARE, row, monday_morning): ""}) == BookContents(swapped(duty("v2", "c1", "1-am")), ())


def test_a_lesson_is_changed_in_either_sheet(made: Path, after: Change) -> None:
    old, new = lesson("v5", "c1", "1-am-2", "k2"), lesson("v3", "c1", "1-am-2", "k1", "r1")
    row = find(made, LESSONS, "1-2年级班", "[1-am-2]")
    changes: Cells = {(LESSONS, row, 2): "k1", (LESSONS, row, 3): "[v3]", (LESSONS, row, 4): "舞蹈室"}
    assert after(changes) == BookContents(swapped(old, new), ())
    top = find(made, TIMETABLE, "1-2年级班", "课程", "中国舞")
    changes = {(TIMETABLE, top, 3): "中国舞", (TIMETABLE, top + 1, 3): "v3", (TIMETABLE, top + 2, 3): "舞蹈室 [r1]"}
    assert after(changes) == BookContents(swapped(old, new), ())


def swapped(old: Any, *new: Any) -> Roster:
    """The roster with one entry replaced."""
    return roster(*(e for e in (*ENTRIES.duties, *ENTRIES.lessons) if e != old), *new)


def test_two_places_may_be_edited_at_once(made: Path, after: Change) -> None:
    row, cell = find(made, DUTIES, "1-2年级班", "[1-am]", "徐㼆"), find(made, CARE, "1-2年级班", "助教", "徐㼆")
    found = after({(DUTIES, row, 3): "v5", (CARE, cell, 4): "v3"})
    assert found.problems == ()
    assert found.roster.duties - ENTRIES.duties == {duty("v5", "c1", "1-am"), duty("v3", "c1", "1-pm")}
    # The same change in both is one change.
    found = after({(DUTIES, row, 3): "v5", (CARE, cell, 2): "v5"})
    assert found == BookContents(swapped(duty("v2", "c1", "1-am"), duty("v5", "c1", "1-am")), ())


def test_one_place_edited_differently_is_told_and_the_list_counts(made: Path, after: Change) -> None:
    row, cell = find(made, DUTIES, "1-2年级班", "[1-am]", "徐㼆"), find(made, CARE, "1-2年级班", "助教", "徐㼆")
    found = after({(DUTIES, row, 3): "v5", (CARE, cell, 2): "v3"})
    assert [(p.code, p.sheet) for p in found.problems] == [("edited_twice", CARE)]
    assert duty("v5", "c1", "1-am") in found.roster.duties
    assert duty("v3", "c1", "1-am") not in found.roster.duties


SPOILT: list[tuple[str, str, tuple[str, ...], int, str]] = [
    # Code, sheet, a row that holds these, the column from 0, what is written there.
    ("unknown", DUTIES, ("徐㼆", "[1-am]"), 3, "没有这个人"),
    ("unknown", DUTIES, ("徐㼆", "[1-am]"), 2, "厨师"),
    ("unknown", CARE, ("助教", "徐㼆"), 2, "v99"),
    ("name_differs", DUTIES, ("徐㼆", "[1-am]"), 3, "李𬱖 [v2]"),
    ("value_missing", DUTIES, ("徐㼆", "[1-am]"), 1, ""),
    ("class_not_there", DUTIES, ("启航班",), 1, "2-am"),
    ("class_not_there", CARE, ("启航班",), 3, "v1"),
    ("room_elsewhere", LESSONS, ("[1-am-1]",), 0, "c2"),
    ("twice", DUTIES, ("徐㼆", "[1-am]"), 3, ""),
    ("row_unknown", CARE, ("助教", "徐㼆"), 1, "厨师"),
    ("column_unknown", CARE, ("[2-am]",), 2, "周八"),
    ("incomplete", TIMETABLE, ("课程", "中国舞"), 4, "k2"),
]


@pytest.mark.parametrize(("code", "sheet", "texts", "column", "text"), SPOILT)
def test_every_mistake_is_told_by_its_cell(
    made: Path, code: str, sheet: str, texts: tuple[str, ...], column: int, text: str
) -> None:
    row = find(made, sheet, *texts)
    changes = {(sheet, row, column): text}
    if code == "twice":
        # The row below becomes what this one is.
        lines = CalamineWorkbook.from_path(made).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        changes = {(sheet, row + 1, n): str(cell) for n, cell in enumerate(lines[row - 1])}
        row, text, column = row + 1, str(lines[row - 1][3]), 3
    found = read(edited(made, changes)).problems
    value = "舞蹈室 [r1]" if code == "room_elsewhere" else text
    assert [(p.sheet, p.row, p.code, p.value) for p in found if p.code == code] == [(sheet, row, code, value)]


def test_two_of_one_name_need_their_number(tmp_path: Path) -> None:
    changed = week_facts()
    changed["volunteers"][4]["name"] = changed["volunteers"][1]["name"]
    path = book(tmp_path / "week.xlsx", changed)
    row = find(path, DUTIES, "[1-am]", "[v2]")
    [problem] = read(edited(path, {(DUTIES, row, 3): "徐㼆"}), problem_json=changed).problems
    assert (problem.code, problem.facts["ids"], problem.column) == ("several", ["v2", "v5"], "志愿者")


def test_a_mistake_does_not_lose_what_the_other_sheet_says(made: Path, after: Change) -> None:
    row = find(made, DUTIES, "1-2年级班", "[1-am]", "徐㼆")
    assert after({(DUTIES, row, 3): "没有这个人"}).roster == ENTRIES


def test_every_code_is_shown_by_a_test() -> None:
    assert {code for code, *_ in SPOILT} | {"several", "edited_twice"} == CODES


def test_what_is_no_such_workbook_is_refused(made: Path, tmp_path: Path) -> None:
    refused = []
    for path in (edited(made, {("说明", 3, 1): "别的"}), tmp_path / "nothing.xlsx"):
        with pytest.raises(WorkbookRefused) as error:
            WeekBook(path)
        refused.append(error.value.code)
    assert refused == ["not_a_week_book", "file_missing"]
    with pytest.raises(WorkbookRefused) as error:
        read(edited(made, {}, without=DUTIES))
    assert (error.value.code, error.value.facts["missing"]) == ("sheet_missing", [(DUTIES, None)])
    with pytest.raises(WorkbookRefused) as error:
        read(edited(made, {(DUTIES, 1, 3): "谁"}))
    assert (error.value.code, error.value.facts["missing"]) == ("column_missing", [(DUTIES, "志愿者")])


def test_a_problem_of_many_shapes_comes_back(tmp_path: Path) -> None:
    """Several leads in one cell, and people at two places at once, are written and read as they are: not our rule."""
    odd: Roster = roster(
        duty("v1", "c1", "1-am", "lead"),
        duty("v2", "c1", "1-am", "lead"),
        duty("v1", "c2", "1-am"),
        duty("v3"),
        duty("v4"),
    )
    assert read(book(tmp_path / "week.xlsx", entries=odd), odd) == BookContents(odd, ())
