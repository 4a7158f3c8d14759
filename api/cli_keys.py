"""The commands `keys …`: the keys that encrypt children's sensitive data."""

from __future__ import annotations

import typer

from api.speak.language import say

keys = typer.Typer(
    help=say("加密孩子敏感信息的密钥。", "The keys that encrypt children's sensitive data."), no_args_is_help=True
)


@keys.command(
    "add",
    help=say(
        "添加一把新密钥；以后写入的内容用它加密。请马上备份密钥文件。",
        "Add a key, which encrypts what is written from now on. Back the file of keys up at once.",
    ),
)
def add() -> None:
    """Add a key."""
    from api.commands import keys as command

    command.run_add()


@keys.command(
    "rotate",
    help=say(
        "把已加密的内容逐批换成最新的密钥；可以中断，再运行一次会接着做。",
        "Rewrite everything that is encrypted with the newest key, in batches; interrupted, the next run goes on.",
    ),
)
def rotate() -> None:
    """Rewrite with the newest key."""
    from api.commands import keys as command

    command.run_rotate()


@keys.command(
    "status",
    help=say(
        "有哪些密钥、各加密了多少内容、有没有缺的密钥。",
        "Which keys there are, how much each encrypts, and whether one is missing.",
    ),
)
def status() -> None:
    """Keys and what they encrypt."""
    from api.commands import keys as command

    command.run_status()
