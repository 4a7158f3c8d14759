"""Forms that keep what was typed and say what is wrong beside each field, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.speak import fields
from api.speak.language import Language
from registry.errors import Invalid


@dataclass(frozen=True)
class Form:
    """What stands in the fields of a form, and the sentence beside each that has to be changed."""

    values: Mapping[str, object] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str, otherwise: object = "") -> object:
        """What stands in a field."""
        return self.values.get(name, otherwise)

    def problem(self, name: str) -> str:
        """What is wrong with it, or nothing."""
        return self.problems.get(name, "")


def refused(values: Mapping[str, object], error: Invalid, language: Language) -> Form:
    """The form as it was sent, with what is wrong. The first problem of a field is the one shown."""
    problems: dict[str, str] = {}
    for problem in error.problems:
        problems.setdefault(problem.field, fields.sentence(problem.code, problem.facts, language))
    return Form(values, problems)
