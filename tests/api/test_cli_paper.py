"""`qingzai roster print`, `export`, `reread`, `ical`: what is written where, with whole names, and how they end."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from papers import pages
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner, Result

from api.cli import app
from registry.db import make_engine, session_scope
from registry.rostering.drafts import latest_done
from registry.rostering.tables import RosterDraft
from scheduler import check, read_problem, read_roster

WEEK = ("--week", "2026-07-06")
QINGZAI = [sys.executable, "-c", "from api.cli import main; main()"]
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def here(week_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands work on the small workbook's week, in a folder of their own."""
    monkeypatch.setenv("QINGZAI_DATABASE_URL", week_url)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["roster", *arguments])


def draft(week_url: str) -> RosterDraft:
    engine = make_engine(week_url)
    with session_scope(engine) as session:
        found = latest_done(session)
    engine.dispose()
    assert found
    return found


@pytest.mark.parametrize(("what", "sheets"), [("site", 1), ("door", 5), ("district", 1), ("volunteer", 2)])
def test_each_kind_is_printed_with_whole_names(what: str, sheets: int, here: Path) -> None:
    result = run("print", *WEEK, "--what", what)
    path = here / f"week-2026-07-06-{what}.pdf"
    assert (result.exit_code, result.stdout) == (0, "")
    plural = "sheet" if sheets == 1 else "sheets"
    assert result.stderr == f"{sheets} {plural}: week-2026-07-06-{what}.pdf\n"
    text = "".join(pages(path.read_bytes()))
    wanted = () if what == "district" else ("李老师", "张同学")
    assert [name in text for name in wanted] == [True] * len(wanted)
    assert "东街少年宫" in text


def test_what_is_there_is_not_overwritten_unasked(here: Path) -> None:
    run("print", *WEEK, "--what", "district")
    run("print", *WEEK, "--what", "district")
    assert sorted(p.name for p in here.iterdir()) == ["week-2026-07-06-district-2.pdf", "week-2026-07-06-district.pdf"]
    run("print", *WEEK, "--what", "district", "-o", "week-2026-07-06-district.pdf")
    assert len(list(here.iterdir())) == 2


@pytest.mark.parametrize(
    ("asked", "sheets"),
    [
        (("door", "--day", "2026-07-07"), 1),
        (("door", "--day", "2026-07-07", "--day", "2026-07-08"), 2),
        (("door", "--class", "c1"), 5),
        (("door", "--class", "1-2年级班", "--day", "2026-07-06"), 1),
        (("site", "--site", "s1"), 1),
        (("site", "--site", "1", "--site", "2"), 2),
        (("site", "--site", "东街少年宫", "--site", "s2"), 2),
        (("volunteer", "--volunteer", "李老师"), 1),
        (("volunteer", "--volunteer", "v2", "--volunteer", "v1"), 2),
        (("volunteer", "--site", "s1"), 2),
    ],
)
def test_a_part_may_be_asked_for(asked: tuple[str, ...], sheets: int, here: Path) -> None:
    result = run("print", *WEEK, "--what", *asked, "-o", "x.pdf")
    assert (result.exit_code, len(PdfReader(here / "x.pdf").pages)) == (0, sheets)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("print", "--week", "2026-07-07", "--what", "site"), "--week 2026-07-07: not a Monday"),
        (("print", "--week", "soon", "--what", "site"), "--week soon: not a date"),
        (
            ("print", "--week", "2026-07-13", "--what", "site"),
            "the week of 2026-07-13 has no finished roster",
        ),
        (("print", *WEEK, "--what", "site", "--site", "s9"), "there is no site s9"),
        (("print", *WEEK, "--what", "door", "--class", "c9"), "there is no class c9"),
        (
            ("print", *WEEK, "--what", "door", "--day", "2026-07-12"),
            "the week has no day 2026-07-12; it has 2026-07",
        ),
        (("print", *WEEK, "--what", "volunteer", "--volunteer", "v9"), "there is no volunteer v9"),
        (("print", *WEEK, "--what", "volunteer", "--site", "s2"), "has nothing like that to print"),
        (("print", *WEEK, "--what", "site", "-o", "no/x.pdf"), "no/x.pdf"),
        (("ical", *WEEK, "--volunteer", "谁"), "there is no volunteer 谁"),
        (("export", "--week", "2026-07-13"), "the week of 2026-07-13 has no finished roster"),
        (("reread", "nothing.xlsx"), "no such file: nothing.xlsx"),
    ],
)
def test_what_is_not_there_is_refused_and_nothing_written(arguments: tuple[str, ...], said: str, here: Path) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout, list(here.iterdir())) == (2, "", [])
    assert said in result.stderr


def test_paper_and_language_are_chosen(here: Path) -> None:
    assert run("print", *WEEK, "--what", "site", "--paper", "a3", "--language", "en", "-o", "x.pdf").exit_code == 0
    page = PdfReader(here / "x.pdf").pages[0]
    assert (round(page.mediabox.width), "page 1 of 1" in page.extract_text()) == (1191, True)


def test_the_pdf_may_go_to_standard_output(week_url: str) -> None:
    command = [*QINGZAI, "roster", "print", *WEEK, "--what", "district", "-o", "-"]
    made = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert len(PdfReader(BytesIO(made.stdout)).pages) == 1


def _all_of(terminal: int) -> bytes:
    """What is written to a terminal until nobody holds its other end; Linux then reports an error."""
    read = []
    with suppress(OSError):
        while piece := os.read(terminal, 10_000):
            read.append(piece)
    os.close(terminal)
    return b"".join(read)


def test_progress_is_told_in_a_terminal(week_url: str) -> None:
    """A bar on a terminal, and nothing but the outcome without one (see above)."""
    leader, follower = pty.openpty()
    command = [*QINGZAI, "roster", "print", *WEEK, "--what", "door", "-o", "x.pdf"]
    with subprocess.Popen(command, stderr=follower, env={**os.environ, "PYTHONPATH": str(ROOT)}) as running:
        os.close(follower)
        said = _all_of(leader).decode()
    assert (running.returncode, "laying out" in said, "5 sheets: x.pdf" in said) == (0, True, True)


def test_a_calendar_is_written(here: Path) -> None:
    assert run("ical", *WEEK, "--volunteer", "李老师").exit_code == 0
    found = Calendar.from_ical((here / "week-2026-07-06-v1.ics").read_bytes())
    places = {str(event["LOCATION"]) for event in found.walk("VEVENT")}
    assert places == {"东街少年宫 (东街1号)"}
    assert len(found.walk("VEVENT")) == 2


def test_a_workbook_goes_out_and_comes_back_the_same(here: Path, week_url: str) -> None:
    assert run("export", *WEEK).exit_code == 0
    result = run("reread", "week-2026-07-06.xlsx", "--problem", "p.json")
    stored = draft(week_url)
    assert (result.exit_code, result.stderr) == (0, f"compared with draft {stored.id}: 0 gone, 0 new\n")
    problem = read_problem(json.loads((here / "p.json").read_text()))
    assert stored.roster_json is not None
    assert read_roster(json.loads(result.stdout), problem) == read_roster(stored.roster_json, problem)


def spoil(path: Path, sheet: str, row: int, column: int, text: str) -> None:
    """Change one cell of a workbook."""
    import xlsxwriter

    source = CalamineWorkbook.from_path(path)
    cells = {name: source.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in source.sheet_names}
    changed: list[list[Any]] = cells[sheet]
    changed[row - 1][column] = text
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as target:
        for name, rows in cells.items():
            made = target.add_worksheet(name)
            for n, line in enumerate(rows):
                made.write_row(n, 0, line)


def test_an_edited_workbook_gives_a_roster_that_can_be_checked(here: Path) -> None:
    run("export", *WEEK)
    path = here / "week-2026-07-06.xlsx"
    duties = CalamineWorkbook.from_path(path).get_sheet_by_name("值班名单").to_python()
    row = next(n for n, cells in enumerate(duties, start=1) if "张同学" in str(cells[3]))
    spoil(path, "值班名单", row, 3, "李老师")
    result = run("reread", str(path), "-o", "r.json", "--problem", "p.json")
    assert result.exit_code == 0
    assert "1 gone, 1 new" in result.stderr
    assert [line[:1] for line in result.stderr.splitlines()[:2]] == ["−", "+"]
    problem = read_problem(json.loads((here / "p.json").read_text()))
    found = check(problem, read_roster(json.loads((here / "r.json").read_text()), problem)).violations
    assert {violation.rule for violation in found} >= {"one_place"}
    assert run("check", "p.json", "r.json").exit_code == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "'值班名单' row 2, '志愿者' '王五': "
            "there is no such volunteer. Choose one from the list, or write the number",
        ),
        ("zh", "“值班名单”第 2 行“志愿者”“王五”：没有这个志愿者。请从下拉列表里选，或写编号"),
    ],
)
def test_a_cell_that_is_not_understood_is_told_and_nothing_written(
    here: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("QINGZAI_LANG", language)
    run("export", *WEEK)
    path = here / "week-2026-07-06.xlsx"
    spoil(path, "值班名单", 2, 3, "王五")
    result = run("reread", str(path), "-o", "r.json")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (2, said)
    assert not (here / "r.json").exists()
