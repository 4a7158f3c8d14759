"""The commands on a roster that is made: `roster explain`, `repair`, `standby`."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli_options import AsJson, Out, ProblemFile, RosterFile, Seconds, Seed, ShowProgress, Workers
from api.speak.language import say

ClassId = Annotated[
    str | None,
    typer.Option(
        "--class",
        metavar="ID",
        help=say("哪个班；只写班则解释它的所有空缺。", "Which class; alone, all its open places."),
    ),
]
SegmentId = Annotated[
    str | None, typer.Option(metavar="ID", help=say("班的哪个时段：看护的人。", "Which of its segments: the people."))
]
SlotId = Annotated[
    str | None, typer.Option(metavar="ID", help=say("班的哪一节：课。", "Which of its slots: the lesson."))
]
DomainName = Annotated[
    str | None, typer.Option(metavar="NAME", help=say("班的哪个领域：次数不足。", "Which domain that it is short of."))
]
VolunteerId = Annotated[
    str | None,
    typer.Option(
        metavar="ID",
        help=say("谁：为什么在或不在那里；只写人则看他的一周。", "Who: why there or why not; alone, their week."),
    ),
]


def add_to(roster: typer.Typer) -> None:
    """Put the commands into the group of weekly rosters."""
    roster.command(
        "explain",
        help=say(
            "解释一份排班：某个位置为什么空着、怎样改动最小就能填上，为什么是这个人，为什么不是那个人。"
            "不写选项则逐个解释所有空缺。",
            "Explain a roster: why a place is open and the cheapest change that fills it, why this person, "
            "why not that one. Without options every open place is explained.",
        ),
    )(roster_explain)
    roster.command(
        "repair",
        help=say(
            "有人请假、高温、停班之后，修补问题文件里已公布的排班：打扰的人最少，并证明不能更少。",
            "Mend the published roster of a problem file after an absence, a heat day, a closed class: "
            "with the fewest people disturbed, and the proof.",
        ),
    )(roster_repair)
    roster.command(
        "standby",
        help=say(
            "每个工作日最少要哪些人候补，任何一个人缺勤都能顶上；哪些缺勤没人能顶。",
            "The fewest people to keep ready on each weekday, so that any single absence can be covered; "
            "and the absences that nothing covers.",
        ),
    )(roster_standby)


def roster_explain(
    problem: ProblemFile,
    roster: RosterFile,
    *,
    class_: ClassId = None,
    segment: SegmentId = None,
    slot: SlotId = None,
    domain: DomainName = None,
    volunteer: VolunteerId = None,
    json: AsJson = False,
) -> None:
    """Explain a roster file."""
    from api.commands import roster_explain as command

    command.run(problem, roster, command.Question(class_, segment, slot, domain, volunteer), as_json=json)


def roster_repair(
    problem: ProblemFile,
    *,
    out: Out = None,
    seconds: Seconds = 5,
    workers: Workers = 2,
    seed: Seed = 1,
    progress: ShowProgress = None,
) -> None:
    """Mend a published roster."""
    from api.commands import roster_repair as command

    command.run(problem, out, command.Options(seconds, workers, seed, progress))


def roster_standby(
    problem: ProblemFile,
    roster: RosterFile,
    *,
    seconds: Seconds = 60,
    as_json: AsJson = False,
) -> None:
    """Name the stand-bys of each weekday."""
    from api.commands import roster_standby as command

    command.run(problem, roster, seconds, as_json=as_json)
