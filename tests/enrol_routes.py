"""The routes of enrolment for the table of roles and routes, and the rows that they are asked about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from seasons import LONG_AGO
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import family

from registry import clock
from registry.db import session_scope
from registry.enrolment.numbers import new_number
from registry.enrolment.tables import Application, EnrolmentRound, Place, RoundClass, Wish
from registry.families.tables import Child, Guardian, Guardianship
from registry.programme import ClassRun

Params = dict[str, Any]
NEW_ROUND: dict[str, object] = {
    "season": 2026, "name": "x", "opens_at": "2100-01-01T00:00:00Z", "closes_at": "2100-01-02T00:00:00Z",
}  # fmt: skip
_HERE, _API = "/enrol/applications/{number}", "/api/v1/applications/{number}"
OF_A_FAMILY: dict[str, dict[str, object]] = {
    "POST /enrol/rounds/{round_id}/start": {},
    **{f"GET {_HERE}{rest}": {} for rest in ("", "/wishes", "/review", "/receipt", "/withdraw")},
    **{f"POST {_HERE}{rest}": {"body": {"do": "up"}} for rest in ("/wishes", "/submit", "/withdraw")},
    "POST /enrol/offers/{place_id}/confirm": {},
    "GET /enrol/offers/{place_id}/decline": {},
    "POST /enrol/offers/{place_id}/decline": {},
    "POST /api/v1/applications": {"json": {}},
    f"GET {_API}": {},
    f"PUT {_API}": {"json": {"version": 1, "wishes": [1]}},
    f"POST {_API}/submit": {"json": {"request_key": "a key of the test"}},
    f"POST {_API}/withdraw": {},
    "POST /api/v1/offers/{offer}/confirm": {},
    "POST /api/v1/offers/{offer}/decline": {},
}
"""An application's own family alone; to all others, the office too, it does not exist."""
OPEN_TO_ALL = ("GET /enrol", "GET /enrol/rounds/{round_id}", "GET /enrol/rounds/{round_id}/notice")
OPEN_TO_ALL += tuple(f"GET /api/v1/rounds{rest}" for rest in ("", "/{round}", "/{round}/classes", "/{round}/notice"))
OF_THE_OFFICE: dict[str, dict[str, object]] = {
    "POST /api/v1/rounds": {"json": NEW_ROUND},
    "PUT /api/v1/rounds/{round}": {"json": NEW_ROUND},
    "POST /api/v1/rounds/{round}/announce": {},
    "POST /api/v1/rounds/{round}/cancel": {},
    "PUT /api/v1/rounds/{round}/classes": {"json": {"items": []}},
}
DECISIONS: dict[str, dict[str, object]] = {
    f"POST {_API}/approve": {"json": {"class_run": 1}},
    f"POST {_API}/reject": {"json": {"reason": "x"}},
}


def applied(engine: Engine, account_id: int | None) -> Params:
    """An application of this account's child, or of somebody else's, in an open round by approval, with an offer."""
    with session_scope(engine) as session:
        guardian = _guardian(session, account_id)
        run = session.exec(select(ClassRun)).first()
        assert run is not None
        return _applied(session, guardian, run.id or 0)


def _guardian(session: Session, account_id: int | None) -> int:
    if account_id is None:
        return family(session)[0].guardian_id or 0
    return session.exec(select(Guardian.id).where(Guardian.account_id == account_id)).one() or 0


def _free_number(session: Session) -> int:
    return max(session.exec(select(EnrolmentRound.number)).all(), default=0) + 1


def _applied(session: Session, guardian: int, run: int) -> Params:
    now = clock.now()
    its = EnrolmentRound(
        season=2026, number=_free_number(session), name="开着的", mode="approval", opens_at=LONG_AGO,
        announced_at=LONG_AGO, closes_at=now + timedelta(days=1),
    )  # fmt: skip
    child = Child(name="张小丰", sex="male", born_on=date(2018, 3, 1), entry_year=2024, created_at=now, changed_at=now)
    session.add_all([its, child])
    session.flush()
    session.add(Guardianship(child_id=child.id or 0, guardian_id=guardian, relation="mother", created_at=LONG_AGO))
    session.add(RoundClass(round_id=its.id or 0, class_run_id=run, places=2, min_to_open=0))
    mine = Application(
        number=new_number(), round_id=its.id or 0, child_id=child.id or 0, guardian_id=guardian, status="submitted",
        weekdays=[1], created_at=now, submitted_at=now, changed_at=now,
    )  # fmt: skip
    session.add(mine)
    session.flush()
    place = Place(
        application_id=mine.id or 0, class_run_id=run, rank=1, source="approval", status="offered", offered_at=now,
        answer_by=now + timedelta(days=1),
    )  # fmt: skip
    session.add_all([place, Wish(application_id=mine.id or 0, rank=1, class_run_id=run)])
    session.flush()
    return {
        "number": mine.number, "place_id": place.id, "offer": place.id, "round_id": its.id,
        "body": {"child": child.id, "round": its.id},
    }  # fmt: skip


def enrol_lines(line: Callable[..., Any], open_line: Any, roles: dict[str, Any]) -> dict[str, Any]:
    """The lines of the table, made by `line`. `roles`: names of everybody, guardian, coordinator, office."""
    guardian, office = roles["guardian"], roles["office"]

    def own(world: Any, role: str) -> Params:
        return applied(world.engine, world.ids[guardian] if role == guardian else None)

    def others(world: Any, _role: str) -> Params:
        return applied(world.engine, None)

    return {
        **dict.fromkeys(OPEN_TO_ALL, open_line),
        **{
            name: line((guardian,), own, foreign=others, others_get="404", **more) for name, more in OF_A_FAMILY.items()
        },
        **{name: line((office,), **more) for name, more in OF_THE_OFFICE.items()},
        **{
            name: line((roles["coordinator"], office), others, others_get="404", **more)
            for name, more in DECISIONS.items()
        },
        "GET /api/v1/applications": line(roles["everybody"]),
    }
