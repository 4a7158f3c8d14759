"""The commands that hand a made week out, and take it back: `roster print`, `export`, `reread`, `ical`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from api.speak.language import say

Monday = Annotated[
    str,
    typer.Option(
        "--week",
        metavar="DATE",
        help=say("这一周的星期一，如 2026-07-13。", "The week's Monday, such as 2026-07-13."),
    ),
]
What = Annotated[
    Literal["site", "door", "district", "volunteer"],
    typer.Option(
        help=say(
            "印什么：site 托管点一周，door 每班每天的门贴，district 全区总览，volunteer 志愿者卡片。",
            "site: a site's week; door: a sheet a class and day; district: the overview; volunteer: a card each.",
        )
    ),
]
Sites = Annotated[
    list[str] | None,
    typer.Option("--site", help=say("只印这个点位（编号或全名）；可以写多次。", "Only this site, by number or name.")),
]
Classes = Annotated[
    list[str] | None,
    typer.Option("--class", help=say("门贴只印这个班（编号或班名）。", "Door sheets of this class only.")),
]
Days = Annotated[
    list[str] | None,
    typer.Option("--day", metavar="DATE", help=say("门贴只印这一天，如 2026-07-14。", "Door sheets of this day only.")),
]
Volunteers = Annotated[
    list[str] | None,
    typer.Option("--volunteer", help=say("只印这个人的卡片（编号或姓名）。", "The card of this volunteer only.")),
]
OneVolunteer = Annotated[
    str, typer.Option("--volunteer", help=say("谁（编号或姓名）。", "Whose week, by number or name."))
]
Paper = Annotated[Literal["a3", "a4", "a5"], typer.Option(help=say("纸张。", "Paper."))]
Out = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--out",
        help=say(
            "写到哪里；默认在当前文件夹，不覆盖已有的；- 为标准输出。",
            "Where to write; default: a free name in the working directory; - is standard output.",
        ),
    ),
]
RosterOut = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--out",
        help=say("排班写到哪里；不写则输出到标准输出。", "Where the roster goes; default: standard output."),
    ),
]
ProblemOut = Annotated[
    Path | None,
    typer.Option(
        "--problem",
        help=say("把这一周的问题文件也写出来，供 check 用。", "The week's problem file too, for `check`."),
    ),
]
Workbook = Annotated[
    Path,
    typer.Argument(metavar="FILE", help=say("roster export 写的、改过的工作簿。", "An edited workbook.")),
]
In = Annotated[
    Literal["zh", "en"], typer.Option("--language", help=say("用中文还是英文写。", "The language to write in."))
]
ShowProgress = Annotated[
    bool | None,
    typer.Option(
        "--progress/--no-progress", help=say("显示进度；默认在终端里显示。", "Show progress; default: in a terminal.")
    ),
]


def roster_print(
    *,
    week: Monday,
    what: What,
    site: Sites = None,
    class_: Classes = None,
    day: Days = None,
    volunteer: Volunteers = None,
    paper: Paper = "a4",
    language: In = "zh",
    out: Out = None,
    progress: ShowProgress = None,
) -> None:
    """Print a made week."""
    from api.commands import roster_print as command

    sites, classes, days, people = (tuple(found or ()) for found in (site, class_, day, volunteer))
    command.run(week, out, command.Choice(what, sites, classes, days, people, paper, language, progress))


def roster_export(*, week: Monday, language: In = "zh", out: Out = None) -> None:
    """Write the workbook of a made week."""
    from api.commands import roster_export as command

    command.export(week, out, language)


def roster_reread(file: Workbook, *, out: RosterOut = None, problem: ProblemOut = None) -> None:
    """Read an edited workbook."""
    from api.commands import roster_export as command

    command.reread(file, command.Reread(out, problem))


def roster_ical(*, week: Monday, volunteer: OneVolunteer, language: In = "zh", out: Out = None) -> None:
    """Write a volunteer's week for a calendar."""
    from api.commands import roster_ical as command

    command.run(week, volunteer, out, language)


def add_to(roster: typer.Typer) -> None:
    """Put the commands into the group of weekly rosters."""
    roster.command(
        "print",
        help=say(
            "把排好的一周印成 PDF：托管点一周安排、门贴、全区总览、志愿者卡片。姓名是全名，不要随处传。",
            "A made week as PDF: sites' timetables, door sheets, the district's overview, volunteers' cards. "
            "Names are whole: mind who gets it.",
        ),
    )(roster_print)
    roster.command(
        "export",
        help=say(
            "把排好的一周写成可以修改的工作簿。姓名是全名。", "A made week as a workbook to edit. Names are whole."
        ),
    )(roster_export)
    roster.command(
        "reread",
        help=say(
            "读回改过的工作簿：说明哪一格看不懂、改了什么，写出排班文件。数据库不变。",
            "Read an edited workbook back: which cell is not understood, what changed; writes a roster file. "
            "The database stays as it is.",
        ),
    )(roster_reread)
    roster.command(
        "ical",
        help=say(
            "一名志愿者的一周，给手机或电脑的日历用（.ics）。",
            "A volunteer's week for the calendar of a phone or computer (.ics).",
        ),
    )(roster_ical)
