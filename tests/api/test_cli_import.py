"""`qingzai import`: what is said in both languages, what is stored, where the annotated copy goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from blemishes import ELSEWHERE, SKIPPING, WARNING
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner, Result
from workbooks import SmallWorkbook

from api.cli import app
from api.speak.imports import PROBLEMS, in_the_margin, what
from api.speak.language import Language
from registry.db import make_engine, session_scope
from registry.exchange import CODES, import_workbook
from registry.exchange.report import ImportProblem, Severity

Stored = Callable[[], dict[str, list[str]]]
"""What the database holds now, as text."""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["import", *map(str, arguments)])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory is the test's own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def spoilt(small: SmallWorkbook) -> Path:
    """A workbook with an error, a warning and a note."""
    small.repeat("志愿者", 2, 姓名="赵同学", 手机号="13800001003", 出生年月="不详")
    small.change("班次", 已确认人数=14).change("志愿者", 3, 备注="不愿去东街街道")
    return small.write()


COUNTS = """\
sheet   read  new  changed  same  skipped
点位       2    2        0     0        0
班次       1    1        0     0        0
期次       1    1        0     0        0
课程库     3    3        0     0        0
志愿者     3    2        0     0        1
"""

SAID = """\
1 error: not imported; mend it and import again
■ write it as 2005-03 or 2005.3 (1)
    志愿者 row 4 · 出生年月 '不详': is not a month; the row was not imported

1 warning: please check
■ decide: merge, move nearby (parents consenting) or cancel (1)
    班次 row 2 · 已确认人数 '14': is below the 15 needed to open; imported as it is

1 note: read like this, usually nothing to do
■ have a look; if this is wrong, reword the remark (1)
    志愿者 row 3 · 备注 '不愿去东街街道': understood as: never at a site of 东街街道 (1)

"""


def test_what_is_sound_is_stored_and_the_rest_is_told(spoilt: Path, stored: Stored) -> None:
    result = run(spoilt)
    lines = result.output.splitlines()
    assert result.output.startswith(SAID + COUNTS + "problems: 3 (errors 1, warnings 1, notes 1)\nannotated copy: ")
    assert lines[-2] == "annotated copy: small-问题.xlsx (reasons beside the rows; mend it there and import that copy)"
    assert lines[-1].startswith("imported into ")
    assert result.exit_code == 0
    contents = stored()
    assert {name: len(contents[name]) for name in ("site", "class_run", "volunteer")} == {
        "site": 2, "class_run": 1, "volunteer": 2,
    }  # fmt: skip


def test_importing_again_changes_nothing_and_says_so(spoilt: Path, stored: Stored) -> None:
    run(spoilt)
    before = stored()
    result = run(spoilt)
    assert result.exit_code == 0
    assert result.output.splitlines()[-1].endswith(" holds all of this already; nothing changed")
    assert "志愿者     3    0        0     2        1" in result.output.splitlines()
    assert stored() == before


def test_a_trial_stores_nothing(spoilt: Path, stored: Stored) -> None:
    before = stored()
    result = run(spoilt, "--dry-run")
    assert result.output.startswith(SAID + COUNTS)
    assert re.fullmatch("a trial only: .* was not changed", result.output.splitlines()[-1])
    assert (result.exit_code, stored()) == (0, before)


def test_in_chinese(spoilt: Path, stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZAI_LANG", "zh")
    lines = run(spoilt).output.splitlines()
    assert lines[:3] == [
        "错误 1 处：没有导入，改好后再导入一次",
        "■ 请写成 2005-03 或 2005.3（1 处）",
        "    志愿者 第 4 行 · 出生年月 “不详”：读不出年月，这一行没有导入",
    ]
    assert "工作表  读取  新增  更新  未变  跳过" in lines
    assert lines[-3:-1] == [
        "共 3 处问题：错误 1，警告 1，提示 1",
        "带批注的副本：small-问题.xlsx（每行旁边写明问题；可以直接在里面改，再导入这份副本）",
    ]
    assert lines[-1].startswith("已导入 ")


def test_without_problems_there_is_no_copy(small: SmallWorkbook, stored: Stored, tmp_path: Path) -> None:
    result = run(small.write())
    assert "no problems found" in result.output.splitlines()
    assert sorted(p.name for p in tmp_path.glob("*.xlsx")) == ["small.xlsx"]


def test_the_copy_lies_in_the_working_directory_and_overwrites_nothing(
    spoilt: Path, stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, work = spoilt.read_bytes(), tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    run(spoilt)
    first = (work / "small-问题.xlsx").read_bytes()
    run(spoilt)
    run("small-问题.xlsx")
    assert sorted(p.name for p in work.glob("*.xlsx")) == ["small-问题-2.xlsx", "small-问题-3.xlsx", "small-问题.xlsx"]
    assert ((work / "small-问题.xlsx").read_bytes(), spoilt.read_bytes()) == (first, before)


def test_the_reasons_stand_beside_the_rows(spoilt: Path, stored: Stored, tmp_path: Path) -> None:
    out = tmp_path / "mended.xlsx"
    run(spoilt, "--annotated", out)
    rows = CalamineWorkbook.from_path(out).get_sheet_by_name("志愿者").to_python()
    assert [row[-1] for row in rows] == [
        "问题与处理",
        "",
        "备注: understood as: never at a site of 东街街道 (1). Have a look; if this is wrong, reword the remark",
        "出生年月: is not a month; the row was not imported. Write it as 2005-03 or 2005.3",
    ]


def test_a_real_workbook(district_workbook: Path, stored: Stored) -> None:
    result = run(district_workbook)
    assert "problems: 442 (errors 0, warnings 95, notes 347)" in result.output.splitlines()
    assert "志愿者   701  700        0     0        1" in result.output.splitlines()
    assert result.exit_code == 0
    assert [text for text in result.output.splitlines() if text.startswith((" ", "■")) and "?" in text] == []


FACTS = [(case[3], "error", case[4]) for case in SKIPPING]
FACTS += [(case[4], case[3], case[5]) for case in WARNING]
FACTS += [(code, CODES[code], facts) for code, facts in ELSEWHERE.items()]


def test_every_problem_has_its_sentences() -> None:
    assert set(PROBLEMS) == set(CODES) == {code for code, _, _ in FACTS}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("code", "severity", "facts"), FACTS)
def test_no_sentence_lacks_a_fact(code: str, severity: Severity, facts: dict[str, Any], language: Language) -> None:
    """A fact that is not there would show as a question mark."""
    problem = ImportProblem("志愿者", 2, "列", "值", severity, code, facts)
    said = in_the_margin(problem, language)
    assert re.search(r"(?<!mistyped)\?|[{}]", said) is None
    assert said.startswith("列：" if language == "zh" else "列: ")


def test_a_code_without_a_sentence_is_still_told() -> None:
    problem = ImportProblem("表", 2, "", "", "error", "new_code", {"n": 1})
    assert in_the_margin(problem, "zh").startswith("new_code (n=1)")


def test_a_mended_workbook_is_stored_in_full(spoilt: Path, stored: Stored, small: SmallWorkbook) -> None:
    """The error's row is stored once it is mended; the others stay as they are."""
    run(spoilt)
    small.change("志愿者", 4, 出生年月="1990.3")
    result = run(small.write())
    assert "志愿者     3    1        0     2        0" in result.output.splitlines()
    assert len(stored()["volunteer"]) == 3


def test_a_dry_run_after_a_real_one_finds_nothing_to_do(spoilt: Path, stored: Stored) -> None:
    run(spoilt)
    assert run(spoilt, "--dry-run").output.splitlines()[-1].endswith(" holds all of this already")


def test_the_report_is_the_one_of_the_registry(spoilt: Path, database_url: str, stored: Stored) -> None:
    engine = make_engine(database_url)
    with session_scope(engine) as session:
        report = import_workbook(session, spoilt, dry_run=True)
    engine.dispose()
    output = run(spoilt).output
    assert [p.code for p in report.problems if what(p, "en") not in output] == []


def test_a_trial_makes_no_database(spoilt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZAI_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    result = run(spoilt, "--dry-run")
    assert result.output.startswith(SAID + COUNTS)
    assert result.output.splitlines()[-1] == f"a trial only: {tmp_path / 'new.db'} was not changed"
    assert list(tmp_path.glob("*.db*")) == []


def spoil_xml(path: Path, member: str) -> Path:
    """The same workbook with half of one of its parts."""
    spoilt = path.with_name("spoilt.xlsx")
    with ZipFile(path) as whole, ZipFile(spoilt, "w") as half:
        for name in whole.namelist():
            data = whole.read(name)
            half.writestr(name, data[: len(data) // 2] if name == member else data)
    return spoilt


@pytest.mark.parametrize("case", ["folder", "damaged sheet", "no term"])
def test_where_nothing_can_be_read_no_database_is_made(
    case: str, small: SmallWorkbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGZAI_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    (tmp_path / "folder").mkdir()
    path = tmp_path / "folder" if case == "folder" else small.change("期次", 开始日期="七月").write()
    if case == "damaged sheet":
        path = spoil_xml(path, "xl/worksheets/sheet2.xml")
    result = run(path)
    assert result.output == {
        "folder": f"{path} is a folder, not a workbook\n",
        "damaged sheet": "the sheet '班次' is damaged and cannot be read. Open the workbook in Excel and save a copy\n",
        "no term": "the sheet '期次' has no sound term, so that no date can be judged. Mend that sheet first\n",
    }[case]  # fmt: skip
    assert (result.exit_code, list(tmp_path.glob("*.db*"))) == (2, [])


def test_a_copy_that_cannot_be_written_stores_nothing(
    spoilt: Path, stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when Excel holds the copy open: found out only when it is written."""
    before = stored()
    monkeypatch.setattr("api.commands.workbook.check_writable", lambda path: None)
    result = run(spoilt, "--annotated", tmp_path / "none" / "copy.xlsx")
    assert result.output == (
        f"the annotated copy {tmp_path / 'none' / 'copy.xlsx'} cannot be written: No such file or directory. "
        "Close it in Excel, or choose another place with --annotated; nothing was imported\n"
    )
    assert (result.exit_code, stored()) == (2, before)


def test_the_copy_may_not_be_a_folder(spoilt: Path, stored: Stored, tmp_path: Path) -> None:
    (tmp_path / "copy.xlsx").mkdir()
    result = run(spoilt, "--annotated", tmp_path / "copy.xlsx")
    assert result.output == f"{tmp_path / 'copy.xlsx'}: is a folder; give the name of a file\n"
    assert result.exit_code == 2


def test_a_sheet_without_rows_is_told(small: SmallWorkbook, stored: Stored) -> None:
    small.sheets["志愿者"] = [dict.fromkeys(small.sheets["志愿者"][0], "")]
    lines = run(small.write()).output.splitlines()
    assert lines[:3] == [
        "1 warning: please check",
        "■ fill the sheet in; see whether its header is the right row (1)",
        "    志愿者 row 1: this sheet has a header and no rows",
    ]
