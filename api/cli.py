"""The command line `qingzai`. Each command imports what it needs when it runs: the help and a check start fast."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api import cli_accounts, cli_draw, cli_keys, cli_made, cli_paper, cli_placement, cli_privacy
from api.cli_options import Out, ProblemFile, RosterFile, Seconds, Seed, ShowProgress, Workers
from api.speak.language import say

app = typer.Typer(
    name="qingzai",
    help=say(
        "青仔：一个区的暑期托管。先 import 导入工作簿，再 roster make 排一周的班，然后 serve 在网页上看；"
        "demo 用编造的数据走一遍。",
        "青仔: summer childcare of a district. `import` a workbook, `roster make` a week, `serve` it; "
        "`demo` does all of it with made-up data.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they hold names and phone numbers
)
roster = typer.Typer(help=say("周排班。", "Weekly rosters."), no_args_is_help=True)
db = typer.Typer(help=say("数据库。", "The database."), no_args_is_help=True)
app.add_typer(roster, name="roster")
app.add_typer(cli_placement.placement, name="placement")
app.add_typer(cli_draw.draw, name="draw")
app.add_typer(cli_accounts.account, name="account")
app.add_typer(cli_keys.keys, name="keys")
app.add_typer(cli_privacy.privacy, name="privacy")
app.add_typer(db, name="db")

Workbook = Annotated[
    Path, typer.Argument(metavar="FILE", help=say("区里的 .xlsx 工作簿。", "A district's .xlsx workbook."))
]
Units = Annotated[
    float | None,
    typer.Option(
        min=1,
        max=10**9,
        help=say(
            "不按秒而按工作量：同样的输入得到同样的文件。", "Work units instead of seconds: equal input, equal file."
        ),
    ),
]
Sites = Annotated[
    list[str] | None,
    typer.Option("--site", help=say("只排这个点位；可以写多次。", "Solve only this site; may be repeated.")),
]
Start = Annotated[str | None, typer.Option(help=say("从这份排班文件开始改进。", "A roster file to start from."))]
Monday = Annotated[
    str,
    typer.Option(
        "--week",
        metavar="DATE",
        help=say("这一周的星期一，如 2026-07-13。", "The week's Monday, such as 2026-07-13."),
    ),
]
Host = Annotated[
    str | None, typer.Option(help=say("监听的地址（QINGZAI_HOST）。", "Address to listen at (QINGZAI_HOST)."))
]
Port = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        help=say(
            "监听的端口（QINGZAI_PORT），0 为任意空闲端口。", "Port to listen at (QINGZAI_PORT); 0 takes any free one."
        ),
    ),
]
Processes = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        max=64,
        help=say(
            "用几个进程回答网页（QINGZAI_WORKERS）；开抢报名的日子按处理器核心数来设。",
            "How many processes answer (QINGZAI_WORKERS); for the opening of a round as many as there are cores.",
        ),
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help=say("只看会发生什么，不写入数据库。", "Show what would happen; the database stays as it is.")
    ),
]
Copy = Annotated[
    Path | None,
    typer.Option(
        "--annotated",
        metavar="COPY",
        help=say(
            "带批注的副本写到哪里；默认在当前文件夹，名为“工作簿名-问题.xlsx”。",
            "Where the annotated copy goes; default: NAME-问题.xlsx in the working directory.",
        ),
    ),
]
Served = Annotated[
    bool,
    typer.Option(
        "--serve/--no-serve", help=say("排好后打开网页服务，或到此为止。", "Serve the week in the end, or stop there.")
    ),
]


@app.command(
    "demo",
    help=say(
        "编造一个示例区，排好一周，打开网页服务。已有的会保留。"
        "数据在 ./qingzai-demo.db，除非设置了 QINGZAI_DATABASE_URL。",
        "Make up a district, solve one week, serve it. What is there already is kept. "
        "The data go to ./qingzai-demo.db unless QINGZAI_DATABASE_URL is set.",
    ),
)
def demo(
    *,
    seconds: Seconds = 60,
    workers: Workers = 2,
    seed: Seed = 1,
    progress: ShowProgress = None,
    host: Host = None,
    port: Port = None,
    serve: Served = True,
) -> None:
    """Make up a district, solve one week, serve it."""
    from api.commands import demo as command
    from api.commands.roster_make import Effort

    command.run(Effort(seconds, workers, seed, progress), host, port, is_served=serve)


@app.command(
    "import",
    help=say(
        "导入区里的工作簿：能用的存入数据库；每个问题都说明位置和处理办法，并写在一份副本的行旁。再导入一次不会有变化。",
        "Import a district's workbook: what is sound is stored, every problem is told with its place and what to do, "
        "also in a copy beside the rows. Importing again changes nothing.",
    ),
)
def import_(file: Workbook, *, dry_run: DryRun = False, annotated: Copy = None) -> None:
    """Import a district's workbook."""
    from api.commands import workbook as command

    command.run(file, dry_run=dry_run, annotated=annotated)


@app.command(
    "serve",
    help=say("打开网页服务，显示已排好的周。按 Ctrl-C 停止。", "Serve the pages of the weeks. Ctrl-C stops."),
)
def serve(*, host: Host = None, port: Port = None, workers: Processes = None) -> None:
    """Serve the pages."""
    from api.commands import serve as command

    command.run(host, port, workers)


@app.command(
    "worker",
    help=say(
        "在这台机器上做排队的任务（排班、修补、摇号），可以在几台机器上同时运行；只用于 PostgreSQL。按 Ctrl-C 停止。",
        "Do queued tasks (rosters, repairs, draws) on this machine, beside any number of others; PostgreSQL only. "
        "Ctrl-C stops.",
    ),
)
def worker() -> None:
    """Do queued tasks."""
    from api.commands import worker as command

    command.run()


@roster.command(
    "make",
    help=say(
        "用数据库里的数据排一周的班，存为草稿。按 Ctrl-C 保留目前最好的结果。",
        "Make a week's roster from the database and store it as a draft. Ctrl-C keeps the best so far.",
    ),
)
def roster_make(
    *, week: Monday, seconds: Seconds = 60, workers: Workers = 2, seed: Seed = 1, progress: ShowProgress = None
) -> None:
    """Make a week's roster from the database."""
    from api.commands import roster_make as command

    command.run(week, command.Effort(seconds, workers, seed, progress))


@roster.command(
    "check",
    help=say(
        "列出违反的规则和经批准的例外，并重算代价。",
        "List every broken rule and every override, and recompute the cost.",
    ),
)
def roster_check(problem: ProblemFile, roster: RosterFile) -> None:
    """Check a roster file."""
    from api.commands import roster_check as command

    command.run(problem, roster)


@roster.command(
    "solve",
    help=say(
        "为问题文件求一份好的排班，并证明最好能好到什么程度。按 Ctrl-C 写出目前最好的结果。",
        "Find a good roster and prove how good any could be. Ctrl-C writes the best so far.",
    ),
)
def roster_solve(
    problem: ProblemFile,
    *,
    out: Out = None,
    seconds: Seconds = 60,
    workers: Workers = 2,
    seed: Seed = 1,
    deterministic: Units = None,
    site: Sites = None,
    start: Start = None,
    progress: ShowProgress = None,
) -> None:
    """Solve a problem file."""
    from api.commands import roster_solve as command

    options = command.Options(seconds, workers, seed, deterministic, tuple(site or ()), start, progress)
    command.run(problem, out, options)


cli_made.add_to(roster)
cli_paper.add_to(roster)


@db.command(
    "migrate",
    help=say(
        "把数据库升级到最新结构；没有就新建。",
        "Bring the database to the newest schema; a new one is made.",
    ),
)
def db_migrate() -> None:
    """Bring the database to the newest schema."""
    from api.commands import database

    database.run_migrate()


def main() -> None:
    """The entry point of `qingzai`."""
    app()
