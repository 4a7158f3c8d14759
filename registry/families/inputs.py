"""What a family enters, as it was typed, and the checked values: every problem at once, each at its field."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from registry.conventions.days import day_of
from registry.conventions.grades import age_on, entry_years, next_summer
from registry.conventions.names import name_of
from registry.conventions.phones import phone_of
from registry.conventions.texts import line_of, note_of
from registry.errors import FieldProblem, Invalid

SEXES = ("male", "female")
RELATIONS = ("mother", "father", "grandmother", "grandfather", "other")
"""What a guardian may be to a child."""
KNOWN_AS = (*RELATIONS[:-1], "relative", "friend", "other")
"""What somebody who collects the child, or is called in an emergency, may be to it."""
YOUNGEST, OLDEST = 5, 15
"""Completed years on 1 July of the summer that is meant. Sites care for 6 to 12, some from 5 and some to 14; whoever
is far from that has mistyped the date (DOMAIN.md, Numbers)."""

T = TypeVar("T")


@dataclass
class Checks:
    """Collects what is wrong, so that a form shows all of it at once."""

    problems: list[FieldProblem] = field(default_factory=list)

    def take(self, check: Callable[[], T]) -> T | None:
        """The value of a check; None where it failed, with what it said noted."""
        try:
            return check()
        except Invalid as error:
            self.problems += error.problems
            return None

    def choice(self, name: str, value: str, options: Collection[str]) -> str:
        """One of a list."""
        if value not in options:
            self.problems.append(FieldProblem(name, "choose_one"))
        return value

    def end(self) -> None:
        """Make sure that nothing was wrong.

        Raises:
            Invalid: with everything that was.
        """
        if self.problems:
            raise Invalid(*self.problems)


@dataclass(frozen=True, slots=True)
class ChildInput:
    """A child as it was entered. `born_on` is a date in any of the usual ways, `entry_year` a year."""

    name: str
    sex: str
    born_on: str
    entry_year: str
    school: str = ""

    def checked(self, today: date) -> CheckedChild:
        """The values to store.

        Raises:
            Invalid: at their fields what `name_of`, `day_of` and `line_of` say; `choose_one`; `date_ahead`;
                `age_outside` with least, most, age and year of the summer that is meant.
        """
        checks = Checks()
        name = checks.take(lambda: name_of("name", self.name))
        sex = checks.choice("sex", self.sex, SEXES)
        born_on = checks.take(lambda: _birthday(self.born_on, today))
        year = checks.choice("entry_year", self.entry_year.strip(), [str(year) for year in entry_years(today)])
        school = checks.take(lambda: line_of("school", self.school, 100))
        checks.end()
        assert name is not None and born_on is not None and school is not None
        return CheckedChild(name, sex, born_on, int(year), school)


@dataclass(frozen=True, slots=True)
class CheckedChild:
    """A child's details, ready to be stored."""

    name: str
    sex: str
    born_on: date
    entry_year: int
    school: str


def _birthday(text: str, today: date) -> date:
    born_on = day_of("born_on", text)
    if born_on > today:
        raise Invalid(FieldProblem("born_on", "date_ahead"))
    summer = next_summer(today)
    age = age_on(born_on, summer)
    if not YOUNGEST <= age <= OLDEST:
        facts = {"least": YOUNGEST, "most": OLDEST, "age": age, "year": summer.year}
        raise Invalid(FieldProblem("born_on", "age_outside", facts))
    return born_on


@dataclass(frozen=True, slots=True)
class PersonInput:
    """Somebody who may collect the child, or is called in an emergency, as entered."""

    name: str
    phone: str
    relation: str

    def checked(self) -> PersonInput:
        """The same in the one way to write it.

        Raises:
            Invalid: at their fields what `name_of` and `phone_of` say; `choose_one`.
        """
        checks = Checks()
        name, phone = checks.take(lambda: name_of("name", self.name)), checks.take(lambda: phone_of(self.phone))
        relation = checks.choice("relation", self.relation, KNOWN_AS)
        checks.end()
        assert name is not None and phone is not None
        return PersonInput(name, phone, relation)


@dataclass(frozen=True, slots=True)
class RestrictionInput:
    """Somebody who must not collect the child, as entered. A name may be all that is known, or only a description."""

    name: str
    note: str = ""

    def checked(self) -> RestrictionInput:
        """The same, trimmed.

        Raises:
            Invalid: at their fields what `line_of` and `note_of` say.
        """
        checks = Checks()
        name = checks.take(lambda: line_of("name", self.name, 100, needed=True))
        note = checks.take(lambda: note_of("note", self.note, 500))
        checks.end()
        assert name is not None and note is not None
        return RestrictionInput(name, note)
