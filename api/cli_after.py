"""The commands `qingzai placement after`, `next`: life after a draw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli_options import Out, ProblemFile
from api.speak.language import say

ResultFile = Annotated[
    str,
    typer.Argument(
        metavar="RESULT",
        help=say(
            "结果文件，或以前 placement after 写的；- 表示标准输入。",
            "A result file, or what `placement after` wrote before; - reads standard input.",
        ),
    ),
]
EventsFile = Annotated[
    str,
    typer.Argument(
        metavar="EVENTS", help=say("事件文件；- 表示标准输入。", "A file of events; - reads standard input.")
    ),
]
MaybeEvents = Annotated[
    str | None,
    typer.Argument(
        metavar="EVENTS",
        help=say("还没有算进结果的事件；- 表示标准输入。", "Events that are not in the result yet; - reads stdin."),
    ),
]
ProblemOut = Annotated[
    Path | None,
    typer.Option(
        "--problem",
        help=say(
            "把现在的问题文件写到哪里（有补报、退出、取消之后就不同了）。",
            "Where to write the problem as it is now: late applications, withdrawals and cancellations change it.",
        ),
    ),
]
Fill = Annotated[
    bool,
    typer.Option(
        "--fill",
        help=say("假定问到的人都同意，看会怎样。", "What would come of it if everybody said yes to every offer."),
    ),
]
ConfirmedOnly = Annotated[
    bool,
    typer.Option(
        "--confirmed-only",
        help=say(
            "只保留确认过的位子，没有确认的收回；不写则全部保留。",
            "Keep confirmed places only, free the others; without it everybody keeps all.",
        ),
    ),
]


def add_to(placement: typer.Typer) -> None:
    """Put the commands into the group of placements."""
    placement.command(
        "after",
        help=say(
            "摇号以后：退位、退出、补报、答复、班次取消、经同意调班、确认。逐条算出后果，列出现在该问谁、哪个班次人太少。不再摇号。",
            "After the draw: places given back, withdrawals, late applications, answers to offers, cancelled class "
            "runs, agreed moves, confirmations. Says what follows, who is to be asked now, which class runs are too "
            "small. Nothing is drawn again.",
        ),
    )(placement_after)
    placement.command(
        "next",
        help=say(
            "下一轮的问题文件：有位子的保留，号码不变，空出来的再分。",
            "The problem of a next round: places are kept, numbers stay the same, what is free is given anew.",
        ),
    )(placement_next)


def placement_after(
    problem: ProblemFile,
    result: ResultFile,
    events: EventsFile,
    *,
    out: Out = None,
    problem_out: ProblemOut = None,
    fill: Fill = False,
) -> None:
    """What follows from events."""
    from api.commands import placement_after as command

    command.run(command.Inputs(problem, result, events), out, problem_out, is_filled=fill)


def placement_next(
    problem: ProblemFile,
    result: ResultFile,
    events: MaybeEvents = None,
    *,
    out: Out = None,
    confirmed_only: ConfirmedOnly = False,
) -> None:
    """The problem of a next round."""
    from api.commands import placement_after as command

    command.run_next(command.Inputs(problem, result, events), out, confirmed_only=confirmed_only)
