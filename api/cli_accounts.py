"""The commands `account …`: the first administrator, who there is, and a lost phone."""

from __future__ import annotations

from typing import Annotated

import typer

from api.speak.language import say

account = typer.Typer(help=say("账号。", "Accounts."), no_args_is_help=True)

Phone = Annotated[str, typer.Option("--phone", help=say("手机号，用来登录。", "Mobile number, to sign in with."))]
Name = Annotated[str, typer.Option("--name", help=say("姓名。", "Name."))]
FromStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help=say("从标准输入读密码，不在屏幕上问。", "Read the password from standard input instead of asking."),
    ),
]
Force = Annotated[
    bool,
    typer.Option("--force", help=say("已经有管理员也再加一个。", "Add one although there are administrators.")),
]
PhoneArgument = Annotated[str, typer.Argument(metavar="PHONE", help=say("手机号。", "Mobile number."))]


@account.command(
    "create-admin",
    help=say(
        "建立第一个管理员：全区的区办公室账号。其他人由他在网页上添加。",
        "Make the first administrator: an account of the district office. It adds all others on the pages.",
    ),
)
def create_admin(*, phone: Phone, name: Name, password_stdin: FromStdin = False, force: Force = False) -> None:
    """Make the first administrator."""
    from api.commands import account as command

    command.run_create_admin(phone, name, from_stdin=password_stdin, is_forced=force)


@account.command("list", help=say("列出工作人员账号和角色，手机号打码。", "List staff and their roles, phones masked."))
def list_() -> None:
    """List staff accounts."""
    from api.commands import account as command

    command.run_list()


@account.command(
    "revoke-sessions",
    help=say(
        "让一个手机号的账号在所有设备上退出，例如手机丢了。", "Sign a phone's account out everywhere (a lost phone)."
    ),
)
def revoke_sessions(phone: PhoneArgument) -> None:
    """End all sessions of an account."""
    from api.commands import account as command

    command.run_revoke_sessions(phone)
