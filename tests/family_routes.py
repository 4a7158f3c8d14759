"""The routes of families for the table of roles and routes, and the rows that they are asked about."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from households import born, child_input, household, stranger
from sqlalchemy import Engine
from sqlmodel import Session, select

from registry import clock
from registry.accounts.tables import Account
from registry.attendance.tables import PickupDelegation
from registry.db import session_scope
from registry.families.tables import (
    AuthorizedCollector,
    Child,
    CollectionRestriction,
    EmergencyContact,
    Guardian,
    GuardianInvitation,
    Guardianship,
)

Params = dict[str, Any]
_numbers = count(1)
PERSON: dict[str, object] = {"name": "李四", "phone": "13900139001", "relation": "friend"}
CHILD: dict[str, object] = {
    "name": "张小丰", "sex": "female", "born_on": born(9).isoformat(), "entry_year": int(child_input().entry_year),
}  # fmt: skip

_PAGES = {
    **{
        f"GET /family/children/{{child_id}}{rest}": {}
        for rest in ("", "/edit", "/remove", "/health", "/paper", "/invite", "/leave")
    },
    **{
        f"POST /family/children/{{child_id}}{rest}": {}
        for rest in ("/edit", "/health", "/invite", "/leave", "/consents", "/remove")
    },
    "GET /family/children/{child_id}/consents": {},
    "POST /family/children/{child_id}/paper": {},
    "POST /family/children/{child_id}/invitations/{invitation_id}/withdraw": {},
    **{f"{method} /family/children/{{child_id}}/{{kind}}/new": {} for method in ("GET", "POST")},
    **{f"{method} /family/children/{{child_id}}/{{kind}}/{{person_id}}": {} for method in ("GET", "POST")},
    "POST /family/children/{child_id}/{kind}/{person_id}/remove": {},
}
_HERE = "/api/v1/children/{child_id}"
_INTERFACE: dict[str, dict[str, object]] = {
    f"GET {_HERE}": {},
    f"PUT {_HERE}": {"json": CHILD},
    f"DELETE {_HERE}": {},
    f"PUT {_HERE}/health-note": {"json": {"text": ""}},
    f"PUT {_HERE}/paper": {"json": {"kind": "passport", "number": "E1234567"}},
    f"GET {_HERE}/consents": {},
    f"POST {_HERE}/consents": {"json": {"answers": []}},
    f"POST {_HERE}/forbidden-collectors": {"json": {"name": "赵六"}},
    f"DELETE {_HERE}/forbidden-collectors/{{restriction_id}}": {},
    f"POST {_HERE}/invitations": {"json": {"phone": "13900139009", "relation": "father"}},
    f"DELETE {_HERE}/invitations/{{invitation_id}}": {},
    f"POST {_HERE}/leave": {},
    f"POST {_HERE}/{{people}}": {"json": PERSON},
    f"PUT {_HERE}/{{people}}/{{person_id}}": {"json": PERSON},
    f"DELETE {_HERE}/{{people}}/{{person_id}}": {},
}
_DAY: dict[str, dict[str, object]] = {
    "GET /family/children/{child_id}/today": {},
    "GET /family/children/{child_id}/today/week.pdf": {},
    "POST /family/children/{child_id}/today/report": {},
    "POST /family/children/{child_id}/today/collectors": {},
    "POST /family/children/{child_id}/today/collectors/{delegation_id}/withdraw": {},
    f"GET {_HERE}/today": {},
    f"GET {_HERE}/weeks/{{week}}.pdf": {},
    f"POST {_HERE}/attendance": {"json": {"class_run_id": 1, "day": "2026-07-06", "mark": "nothing"}},
    f"POST {_HERE}/delegations": {"json": {"day": "2020-01-06", "name": "李四", "relation": "friend"}},
    f"DELETE {_HERE}/delegations/{{delegation_id}}": {},
}
CHILD_ROUTES: dict[str, dict[str, object]] = {**_PAGES, **_INTERFACE, **_DAY}
"""A child's own guardians alone; to all others, the office too, it does not exist."""

OWN_ROUTES: dict[str, dict[str, object]] = {
    **{f"GET /family{rest}": {} for rest in ("", "/me", "/children/new")},
    **{f"POST /family{rest}": {} for rest in ("/me", "/children/new")},
    "GET /api/v1/children": {},
    "POST /api/v1/children": {"json": {}},
    "PUT /api/v1/guardian": {"json": {}},
    "GET /api/v1/invitations": {},
}
"""Whoever signs in may have a family."""

INVITATION_ROUTES: dict[str, dict[str, object]] = {
    "GET /family/invitations/{invitation_id}": {},
    "POST /family/invitations/{invitation_id}": {},
    "POST /family/invitations/{invitation_id}/decline": {},
    "POST /api/v1/invitations/{invitation_id}/accept": {"json": {"born_on": "2001-01-01", "guardian_name": "李四"}},
    "POST /api/v1/invitations/{invitation_id}/decline": {},
}
"""Whoever has the phone that was invited."""


def full_child(session: Session, guardian_id: int) -> Params:
    """A child of a guardian with one of everything around it: the numbers that paths name."""
    now, n = clock.now(), next(_numbers)
    child = Child(
        name=f"孩{n}",
        sex="female",
        born_on=born(9),
        entry_year=int(child_input().entry_year),
        created_at=now,
        changed_at=now,
    )
    session.add(child)
    session.flush()
    number = child.id or 0
    session.add(Guardianship(child_id=number, guardian_id=guardian_id, relation="mother", created_at=now))
    collector = AuthorizedCollector(child_id=number, name="李四", phone="13900139002", relation="friend")
    restriction = CollectionRestriction(child_id=number, name="赵六")
    asked = GuardianInvitation(
        child_id=number, phone="13900139003", relation="father", invited_by_id=guardian_id, created_at=now
    )
    code = PickupDelegation(child_id=number, guardian_id=guardian_id, day=now.date(), name="李四", relation="friend",
                            code_hash="1:x", created_at=now)  # fmt: skip
    session.add_all((collector, restriction, asked, code, EmergencyContact(child_id=number, **PERSON)))  # type: ignore[arg-type]
    session.flush()
    return {
        "child_id": number, "kind": "collectors", "people": "collectors", "person_id": collector.id,
        "restriction_id": restriction.id, "invitation_id": asked.id,
        "delegation_id": code.id,
    }  # fmt: skip


class FamilyRows:
    """Makes what a path names, anew only for whoever may do something to it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.made: dict[str, Params] = {}

    def own(self, account_id: int, *, is_new: bool) -> Params:
        """A child of the guardian with this account."""
        return self._kept("own", is_new, lambda session: self._of(session, account_id))

    def _of(self, session: Session, account_id: int) -> Params:
        guardian = session.exec(select(Guardian).where(Guardian.account_id == account_id)).one()
        return full_child(session, guardian.id or 0)

    def foreign(self) -> Params:
        """A child of another family."""
        return self._kept("foreign", False, lambda session: full_child(session, _somebody(session)))

    def asked(self, account_id: int | None) -> Params:
        """An invitation to the phone of an account, or to somebody else's."""
        return self._kept(f"asked {account_id}", account_id is not None, lambda s: _invitation(s, account_id))

    def _kept(self, kind: str, is_new: bool, make: Callable[[Session], Params]) -> Params:
        if is_new or kind not in self.made:
            with session_scope(self.engine) as session:
                self.made[kind] = make(session)
        return self.made[kind]


def _somebody(session: Session) -> int:
    return household(session).actor.guardian_id or 0


def _invitation(session: Session, account_id: int | None) -> Params:
    account = session.get_one(Account, account_id) if account_id else stranger(session).account
    by = _somebody(session)
    asked = GuardianInvitation(
        child_id=int(str(full_child(session, by)["child_id"])), phone=account.phone, relation="father",
        invited_by_id=by, created_at=clock.now(),
    )  # fmt: skip
    session.add(asked)
    session.flush()
    return {"invitation_id": asked.id}


def family_lines(line: Callable[..., Any], everybody: tuple[str, ...], guardian: str) -> dict[str, Any]:
    """The lines of the table, made by `line`: the world that it hands over has `families` and `ids`."""

    def own(world: Any, role: str) -> Params:
        rows: Params = world.families.own(world.ids[guardian], is_new=role == guardian)
        return rows

    def foreign(world: Any, _role: str) -> Params:
        rows: Params = world.families.foreign()
        return rows

    def asked(world: Any, role: str) -> Params:
        rows: Params = world.families.asked(world.ids.get(role))
        return rows

    def others_asked(world: Any, _role: str) -> Params:
        rows: Params = world.families.asked(None)
        return rows

    return {
        **{name: line(everybody, **more) for name, more in OWN_ROUTES.items()},
        **{
            name: line((guardian,), own, foreign=foreign, others_get="404", **more)
            for name, more in CHILD_ROUTES.items()
        },
        **{name: line(everybody, asked, foreign=others_asked, **more) for name, more in INVITATION_ROUTES.items()},
    }
