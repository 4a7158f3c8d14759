"""How commands speak and end: exit codes, errors on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from api import speak
from scheduler.result import Malformed, PinError

OK, BROKEN, BAD_INPUT, INTERRUPTED = 0, 1, 2, 3
"""The exit codes of SCHEDULING.md §4."""


def err(line: str) -> None:
    """One line on standard error."""
    typer.echo(line, err=True)


@contextmanager
def input_errors() -> Iterator[None]:
    """Turn malformed input and pin errors into sentences and exit code 2."""
    language = speak.from_environment()
    try:
        yield
    except Malformed as error:
        err(speak.malformed(error, language))
        raise typer.Exit(BAD_INPUT) from None
    except PinError as error:
        for found in error.violations:
            err(speak.pin_error(found, language))
        raise typer.Exit(BAD_INPUT) from None


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the registry refuses into a sentence and exit code 2."""
    from sqlalchemy.exc import OperationalError

    from api.speak.refusals import refusal
    from registry.errors import Refused, RegistryError

    with input_errors():
        try:
            yield
        except OperationalError as error:  # read-only, locked, a full disk, a server that went away
            failed = Refused("database_failed", reason=str(error.orig).partition("\n")[0])
            err(refusal(failed, speak.from_environment()))
            raise typer.Exit(BAD_INPUT) from None
        except RegistryError as error:
            err(refusal(error, speak.from_environment()))
            raise typer.Exit(BAD_INPUT) from None
