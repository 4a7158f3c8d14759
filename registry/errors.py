"""What can go wrong when somebody does something, as codes and facts. `api/speak.py` makes the sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as field_of


@dataclass(frozen=True, slots=True)
class Denied:
    """An attempt on a row of somebody else's: who, what, which row. It is kept in the access log (访问日志)."""

    account_id: int
    action: str
    subject: str
    subject_id: int | None


class RegistryError(Exception):
    """An expected failure: a stable `code` and the `facts` that a sentence needs."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(f"{code} {facts}" if facts else code)
        self.code = code
        self.facts: Mapping[str, object] = facts
        self.denied: Denied | None = None


class Refused(RegistryError):
    """The action breaks a rule or its input makes no sense."""


class NotFound(RegistryError):
    """The row that was asked for does not exist."""


class Conflict(RegistryError):
    """The action clashes with what is already stored."""


class NotSignedIn(RegistryError):
    """Nobody is signed in, and somebody has to be."""


class NotAllowed(RegistryError):
    """Somebody is signed in who may not do this."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of a form: its name, a code, and the facts that a sentence needs."""

    field: str
    code: str
    facts: Mapping[str, object] = field_of(default_factory=dict)


class Invalid(Refused):
    """Input with problems, all of them at once, each at its field. A form shows them there and keeps the entries."""

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__("input_invalid", fields=sorted({problem.field for problem in problems}))
        self.problems = problems


class WorkbookRefused(RegistryError):
    """A workbook of which nothing can be read: not an .xlsx file, a sheet or a required column is missing.

    The facts `sheet` and `column` name the place, where there is one; `missing` lists everything that is
    missing at once, as (sheet, column or None).
    """


class SolveFailed(RegistryError):
    """There is no roster, or none that may be stored. The facts are plain JSON values."""
