"""`qingzai draw freeze`, `seed`, `certify`, `verify`: the certificate of a draw. Never loads the solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from api import speak
from api.commands.console import BROKEN, err, input_errors
from api.commands.files import check_writable, read_json, read_text, refuse_two_stdin, write_json
from api.speak.placements import counted, fault, level, line
from scheduler.placement.certificate import Source, certify, event, faults, freeze, read_frozen, secret
from scheduler.placement.files import read_placement, write_problem
from scheduler.placement.result import Fault, Level
from scheduler.result import Malformed


@dataclass(frozen=True)
class Revealed:
    """What the command line says of the seed: an event's value, or the file with the secret."""

    value: str | None
    secret_file: str | None

    def text(self) -> str:
        """The value or the secret. Raises Malformed unless exactly one is given."""
        _need_one("--value", self.value, self.secret_file)
        return self.value if self.value is not None else _secret(self.secret_file or "")


def freeze_problem(problem_file: str, event_text: str | None, secret_file: str | None, out: Path | None) -> None:
    """Write the frozen file, say its commitment; exit 2 on bad input."""
    with input_errors():
        _need_one("--event", event_text, secret_file)
        refuse_two_stdin(problem_file, secret_file or "")
        check_writable(out)
        frozen = freeze(read_json(problem_file), _source(event_text, secret_file))
        write_json(frozen, out)
    err(line("commitment", speak.from_environment(), commitment=frozen["commitment"]))


def write_seeded(frozen_file: str, value: str | None, secret_file: str | None, out: Path | None) -> None:
    """Write the problem with its seed; exit 2 on bad input."""
    with input_errors():
        refuse_two_stdin(frozen_file, secret_file or "")
        check_writable(out)
        problem = read_frozen(read_json(frozen_file)).problem(Revealed(value, secret_file).text())
        write_json(write_problem(problem), out)


def make_certificate(frozen_file: str, result_file: str, revealed: Revealed, out: Path | None) -> None:
    """Write the certificate; exit 1, with nothing written, where it would not be verified, 2 on bad input."""
    with input_errors():
        refuse_two_stdin(frozen_file, result_file, revealed.secret_file or "")
        check_writable(out)
        frozen, said = read_frozen(read_json(frozen_file)), revealed.text()
        placed = read_placement(read_json(result_file), frozen.problem(said))
        if placed.result is not None and placed.result.seed != frozen.seed(said):
            raise Malformed("result.seed", "seed_differs", stated=placed.result.seed, true=frozen.seed(said))
        certificate = certify(frozen, said, placed)
        found = faults(certificate)
        if not found:
            write_json(certificate, out)
    if found:
        _say(found, to_stderr=True)
        raise typer.Exit(BROKEN)


def verify_certificate(file: str, published: str | None) -> None:
    """Say what is wrong, or what was proven; exit 1 where anything is wrong, 2 where the file is no certificate."""
    language = speak.from_environment()
    with input_errors():
        data: Any = read_json(file)
        found = faults(data, published)
    if found:
        _say(found, to_stderr=False)
        raise typer.Exit(BROKEN)
    typer.echo(line("verified", language))
    typer.echo(line("commitment", language, commitment=data["commitment"]))
    typer.echo(line("verified_not", language))
    _say_proof(data["result"])


def _say_proof(result: dict[str, Any]) -> None:
    """What the result says is proven: nothing here can see that, and an honest result says what is not."""
    language = speak.from_environment()
    unproven = [Level(x["name"], x["value"], x["bound"]) for x in result["levels"] if x["bound"] > x["value"]]
    if unproven:
        typer.echo(line("open_levels_stated", language, n=len(unproven)))
        for stated in unproven:
            typer.echo(level(stated, language))
    elif result["draw"] != "proven":
        typer.echo(line("draw_open", language))


def _say(found: Sequence[tuple[str, dict[str, Any]]], *, to_stderr: bool) -> None:
    language = speak.from_environment()
    typer.echo(counted("faults", len(found), language), err=to_stderr)
    for code, facts in found:
        typer.echo(f"  {fault(Fault(code, facts), language)}", err=to_stderr)


def _source(event_text: str | None, secret_file: str | None) -> Source:
    return event(event_text) if event_text is not None else secret(_secret(secret_file or ""))


def _secret(file: str) -> str:
    """The one line of the file; the end of the line is no part of the secret."""
    return read_text(file).strip("\r\n")


def _need_one(name: str, text: str | None, secret_file: str | None) -> None:
    if (text is None) == (secret_file is None):
        raise Malformed("draw", "ban_needs_one_of", fields=f"{name}, --secret")
