"""Arguments and options that several commands on files have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.speak.language import say

ProblemFile = Annotated[
    str,
    typer.Argument(
        metavar="PROBLEM", help=say("问题文件；- 表示标准输入。", "A problem file; - reads standard input.")
    ),
]
RosterFile = Annotated[
    str,
    typer.Argument(metavar="ROSTER", help=say("排班文件；- 表示标准输入。", "A roster file; - reads standard input.")),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "-o", "--out", help=say("写到哪里；不写则输出到标准输出。", "Where to write; standard output without it.")
    ),
]
Seconds = Annotated[float, typer.Option(min=0.1, max=7 * 86_400, help=say("最多求解几秒。", "How long to search."))]
Workers = Annotated[
    int, typer.Option(min=1, max=64, help=say("用几个处理器核心。", "How many processor cores to use."))
]
Seed = Annotated[
    int,
    typer.Option(
        min=0, max=2**31 - 1, help=say("随机种子；换一个，搜索顺序就不同。", "Other seeds search in another order.")
    ),
]
ShowProgress = Annotated[
    bool | None,
    typer.Option(
        "--progress/--no-progress", help=say("显示进度；默认在终端里显示。", "Show progress; default: in a terminal.")
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help=say("输出代码和数字。", "Codes and figures."))]
