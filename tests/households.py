"""Families for tests: accounts that are signed in, guardians, children."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count

from sqlmodel import Session

from registry import clock
from registry.accounts.permissions import Actor, actor_of
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.conventions.grades import entry_year_of, next_summer
from registry.families.children import add_child
from registry.families.guardians import save_guardian
from registry.families.inputs import ChildInput

_numbers = count(1)


def born(age: int) -> date:
    """The birthday of a child that is of this age next summer, and was on the day it is asked about."""
    return date(next_summer(clock.today()).year - age, 3, 7)


def child_input(name: str = "张小丰", age: int = 9, **changes: str) -> ChildInput:
    """A child as it is entered: in the grade that is usual for its age."""
    grade = max(0, age - 7)
    usual = {
        "name": name, "sex": "female", "born_on": born(age).isoformat(),
        "entry_year": str(entry_year_of(grade, clock.today())), "school": "示范小学",
    }  # fmt: skip
    return ChildInput(**(usual | changes))


@dataclass
class Household:
    """Somebody with a phone, signed in; `actor` is who the registry sees."""

    session: Session
    account: Account
    token: str

    @property
    def actor(self) -> Actor:
        """With what is held now."""
        return actor_of(self.session, self.account, clock.today())

    def child(self, name: str = "张小丰", age: int = 9) -> int:
        """A child of the household; its number."""
        return add_child(self.session, self.actor, child_input(name, age), "mother").id or 0


def stranger(session: Session, phone: str | None = None) -> Household:
    """Somebody who has signed in and is nobody's guardian."""
    account = Account(phone=phone or f"136{next(_numbers):08d}", created_at=clock.now())
    session.add(account)
    session.flush()
    return Household(session, account, sign_in(session, account, device="test", address="::1"))


def household(session: Session, name: str = "张三丰", phone: str | None = None) -> Household:
    """A guardian without children."""
    made = stranger(session, phone)
    save_guardian(session, made.actor, name)
    return made
