"""The command line `qingzai`. Each command imports what it needs when it runs: the help and a check start fast."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="qingzai", help="青仔: summer childcare of a district.", no_args_is_help=True, add_completion=False
)
roster = typer.Typer(help="Weekly rosters.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(roster, name="roster")
app.add_typer(db, name="db")

ProblemFile = Annotated[str, typer.Argument(metavar="PROBLEM", help="A problem file; - reads standard input.")]
RosterFile = Annotated[str, typer.Argument(metavar="ROSTER", help="A roster file; - reads standard input.")]
Out = Annotated[Path | None, typer.Option("-o", "--out", help="Where to write; standard output without it.")]
Seconds = Annotated[float, typer.Option(min=0.1, help="How long to search.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="How many processor cores to use.")]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Other seeds search in another order.")]
Units = Annotated[float | None, typer.Option(min=1, help="Work units instead of seconds: equal input, equal file.")]
Sites = Annotated[list[str] | None, typer.Option("--site", help="Solve only this site; may be repeated.")]
Start = Annotated[str | None, typer.Option(help="A roster file to start from.")]
ShowProgress = Annotated[bool | None, typer.Option("--progress/--no-progress", help="Default: in a terminal.")]
Monday = Annotated[datetime, typer.Option("--week", formats=["%Y-%m-%d"], help="The week's Monday.")]
Host = Annotated[str | None, typer.Option(help="Address to listen at (QINGZAI_HOST).")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen at (QINGZAI_PORT); 0 takes any.")]


@roster.command("check")
def roster_check(problem: ProblemFile, roster: RosterFile) -> None:
    """List every broken rule and every override, and recompute the cost."""
    from api.commands import roster_check as command

    command.run(problem, roster)


@roster.command("solve")
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
    """Find a good roster and prove how good any could be. Ctrl-C writes the best so far."""
    from api.commands import roster_solve as command

    options = command.Options(seconds, workers, seed, deterministic, tuple(site or ()), start, progress)
    command.run(problem, out, options)


@db.command("migrate")
def db_migrate() -> None:
    """Bring the database to the newest schema; a new one is made."""
    from api.commands import database

    database.migrated_engine().dispose()


def main() -> None:
    """The entry point of `qingzai`."""
    app()
