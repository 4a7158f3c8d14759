"""The commands `qingzai draw …`: a draw that anybody can verify."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli_options import Out, ProblemFile
from api.speak.language import say

FrozenFile = Annotated[
    str,
    typer.Argument(
        metavar="FROZEN", help=say("draw freeze 写的文件；- 表示标准输入。", "What `draw freeze` wrote; - reads stdin.")
    ),
]
ResultFile = Annotated[
    str,
    typer.Argument(metavar="RESULT", help=say("分配结果文件；- 表示标准输入。", "A result file; - reads stdin.")),
]
CertificateFile = Annotated[
    str, typer.Argument(metavar="FILE", help=say("证书；- 表示标准输入。", "A certificate; - reads standard input."))
]
Event = Annotated[
    str | None,
    typer.Option(
        help=say(
            "种子来自截止后的哪个公开事件，如某期彩票的开奖号码。",
            "The public event after closing that gives the seed, such as the numbers of a named lottery draw.",
        )
    ),
]
Value = Annotated[
    str | None,
    typer.Option(help=say("公开事件的结果，原样照写。", "What the public event gave, exactly as published.")),
]
Secret = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help=say(
            "存放秘密的文件（一行，至少 32 个字符）；事先只公布它的哈希。",
            "A file with the secret (one line of 32 characters or more); only its hash is published before.",
        ),
    ),
]
Published = Annotated[
    str | None,
    typer.Option(
        metavar="HASH",
        help=say("事先公布的承诺值，与证书里的比对。", "The commitment as it was published, to compare."),
    ),
]

draw = typer.Typer(
    help=say("人人都能验证的摇号。", "A draw that anybody can verify."),
    no_args_is_help=True,
)


@draw.command(
    "freeze",
    help=say(
        "冻结报名名单、名额、规则和种子的来源，算出摇号前要公布的承诺值。问题文件可以还没有种子。",
        "Freeze applications, quotas, rules and where the seed will come from; says the commitment to publish before "
        "the draw. The problem needs no seed yet.",
    ),
)
def draw_freeze(problem: ProblemFile, *, event: Event = None, secret: Secret = None, out: Out = None) -> None:
    """Freeze a problem."""
    from api.commands import draw as command

    command.freeze_problem(problem, event, secret, out)


@draw.command(
    "seed",
    help=say(
        "种子公开后，写出带种子的问题文件，交给 placement solve。",
        "With the seed revealed, write the problem for `placement solve`.",
    ),
)
def draw_seed(frozen: FrozenFile, *, value: Value = None, secret: Secret = None, out: Out = None) -> None:
    """Write the problem with its seed."""
    from api.commands import draw as command

    command.write_seeded(frozen, value, secret, out)


@draw.command(
    "certify",
    help=say(
        "把冻结的名单、种子和分配结果合成一份证书；写出前先验证。",
        "Frozen list, seed and result in one certificate, verified before it is written.",
    ),
)
def draw_certify(
    frozen: FrozenFile, result: ResultFile, *, value: Value = None, secret: Secret = None, out: Out = None
) -> None:
    """Make a certificate."""
    from api.commands import draw as command

    command.make_certificate(frozen, result, command.Revealed(value, secret), out)


@draw.command(
    "verify",
    help=say(
        "验证证书：承诺值、种子、摇号次序、规则、每级数值、候补名单，以及有没有一对一的交换更合规则。",
        "Verify a certificate: commitment, seed, lottery order, rules, level values, waitlists, and that no exchange "
        "of one for one would be better by the rules.",
    ),
)
def draw_verify(file: CertificateFile, *, published: Published = None) -> None:
    """Verify a certificate."""
    from api.commands import draw as command

    command.verify_certificate(file, published)
