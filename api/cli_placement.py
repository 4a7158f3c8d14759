"""The commands `qingzai placement …`: children to class runs."""

from __future__ import annotations

from typing import Annotated

import typer

from api import cli_after
from api.cli_options import AsJson, Out, ProblemFile, Seconds, ShowProgress, Workers
from api.speak.language import say

ResultFile = Annotated[
    str,
    typer.Argument(metavar="RESULT", help=say("结果文件；- 表示标准输入。", "A result file; - reads standard input.")),
]
OneChild = Annotated[str | None, typer.Option("--child", metavar="ID", help=say("只说这个孩子。", "Only this child."))]

placement = typer.Typer(
    help=say("把孩子分到班次，连同公开的摇号。", "Children to class runs, with the published draw."),
    no_args_is_help=True,
)


@placement.command(
    "solve",
    help=say(
        "按公布的规则把孩子分到班次，逐级证明最好，再按摇号决定先后。按 Ctrl-C 写出目前最好的结果。",
        "Place children in class runs by the published rules, each level proven, then by the draw. "
        "Ctrl-C writes the best so far.",
    ),
)
def placement_solve(
    problem: ProblemFile, *, out: Out = None, seconds: Seconds = 60, workers: Workers = 2, progress: ShowProgress = None
) -> None:
    """Solve a placement problem."""
    from api.commands import placement_solve as command

    command.run(problem, out, command.Options(seconds, workers, progress))


@placement.command(
    "check",
    help=say(
        "与求解器无关：重查每条规则、每级数值、每份候补名单，重算摇号。",
        "Independent of the solver: every rule, every level's value and every waitlist again, the lottery recomputed.",
    ),
)
def placement_check(problem: ProblemFile, result: ResultFile) -> None:
    """Check a placement."""
    from api.commands import placement_check as command

    command.run(problem, result)


@placement.command(
    "explain",
    help=say(
        "每个孩子一句话：得到哪个志愿，更好的志愿为什么没有，候补第几，哪里还有位子。",
        "One sentence for each child: which wish was met, why no better one, its waitlist position, what is free.",
    ),
)
def placement_explain(
    problem: ProblemFile, result: ResultFile, *, child: OneChild = None, json: AsJson = False
) -> None:
    """Explain a placement."""
    from api.commands import placement_explain as command

    command.run(problem, result, child, as_json=json)


cli_after.add_to(placement)
