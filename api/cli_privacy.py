"""The command `privacy retention`: what is kept no longer is deleted."""

from __future__ import annotations

from typing import Annotated

import typer

from api.speak.language import say

privacy = typer.Typer(help=say("个人信息。", "Personal data."), no_args_is_help=True)


@privacy.callback()
def _group() -> None:
    """A group, although it has one command so far."""


DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help=say("只数一数，什么也不删。", "Only count; nothing is deleted.")),
]


@privacy.command(
    "retention",
    help=say(
        "删除过了保存期限的资料，每条规则说一个数；可以每天定时运行。",
        "Delete what has been kept long enough, and say how much by each rule; may be run every day.",
    ),
)
def retention(*, dry_run: DryRun = False) -> None:
    """Run the retention rules."""
    from api.commands import retention as command

    command.run(is_trial=dry_run)
