"""Lines and rows of enrolment for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from seasons import LONG_AGO
from sqlalchemy import Engine
from sqlmodel import select

from registry import clock
from registry.db import session_scope
from registry.enrolment.numbers import new_number
from registry.enrolment.tables import Application, EnrolmentRound, Place, RoundClass, Wish
from registry.families.tables import Child, Guardian, Guardianship
from registry.programme import ClassRun

T = TypeVar("T")
NEW_ROUND: dict[str, object] = {
    "season": 2026, "name": "x", "opens_at": "2100-01-01T00:00:00Z", "closes_at": "2100-01-02T00:00:00Z",
}  # fmt: skip


def make_application(engine: Engine, number: int, account_id: int) -> dict[str, Any]:
    """An application of this account's child in an open round by approval, with a place on offer."""
    now = clock.now()
    with session_scope(engine) as session:

        def add(row: T) -> T:
            session.add(row)
            session.flush()
            return row

        known = session.exec(select(Guardian).where(Guardian.account_id == account_id)).first()
        guardian = known or add(Guardian(account_id=account_id, name="家长", created_at=LONG_AGO))
        run = session.exec(select(ClassRun)).first()
        assert run is not None
        round_ = add(
            EnrolmentRound(
                season=2026, number=100 * number, name="开着的", mode="approval", opens_at=LONG_AGO,
                closes_at=now + timedelta(days=1), announced_at=LONG_AGO,
            )
        )  # fmt: skip
        add(RoundClass(round_id=round_.id or 0, class_run_id=run.id or 0, places=2, min_to_open=0))
        child = add(
            Child(name="张小丰", sex="male", born_on=date(2018, 3, 1), entry_year=2024, created_at=now, changed_at=now)
        )
        add(Guardianship(child_id=child.id or 0, guardian_id=guardian.id or 0, relation="mother", created_at=LONG_AGO))
        mine = add(
            Application(
                number=new_number(), round_id=round_.id or 0, child_id=child.id or 0, guardian_id=guardian.id or 0,
                status="submitted", weekdays=[1], created_at=now, submitted_at=now, changed_at=now,
            )
        )  # fmt: skip
        add(Wish(application_id=mine.id or 0, rank=1, class_run_id=run.id or 0))
        place = add(
            Place(
                application_id=mine.id or 0, class_run_id=run.id or 0, rank=1, source="approval", status="offered",
                offered_at=now, answer_by=now + timedelta(days=1),
            )
        )  # fmt: skip
        return {
            "number": mine.number, "place_id": place.id, "offer": place.id, "round_id": round_.id,
            "body": {"child": child.id, "round": round_.id},
        }  # fmt: skip


def enrol_lines(
    For: Callable[..., Any], guardian: str, coordinator: str, office_role: str, anybody: Any, everybody: Any
) -> dict[str, Any]:
    """A line for every route: rounds are for everybody, applications for their families."""
    office, deciders = (office_role,), (coordinator, office_role)

    def application(world: Any, account_id: int) -> dict[str, Any]:
        return make_application(world.engine, next(world.numbers), account_id)

    def own(world: Any, role: str) -> dict[str, Any]:
        return application(world, world.ids[guardian] if role == guardian else world.account())

    def somebodys(world: Any, _role: str) -> dict[str, Any]:
        return application(world, world.account())

    def of_family(body: dict[str, str] | None = None, json: dict[str, object] | None = None) -> Any:
        return For((guardian,), own, foreign=somebodys, body=body or {}, json=json, others_get="404")

    return {
        # Enrolment: rounds for everybody, applications for their families.
        "GET /enrol": anybody,
        "GET /enrol/rounds/{round_id}": anybody,
        "GET /enrol/rounds/{round_id}/notice": anybody,
        "POST /enrol/rounds/{round_id}/start": of_family(),
        "GET /enrol/applications/{number}": of_family(),
        "GET /enrol/applications/{number}/wishes": of_family(),
        "POST /enrol/applications/{number}/wishes": of_family({"do": "up"}),
        "GET /enrol/applications/{number}/review": of_family(),
        "POST /enrol/applications/{number}/submit": of_family(),
        "GET /enrol/applications/{number}/receipt": of_family(),
        "GET /enrol/applications/{number}/withdraw": of_family(),
        "POST /enrol/applications/{number}/withdraw": of_family(),
        "POST /enrol/offers/{place_id}/confirm": of_family(),
        "GET /enrol/offers/{place_id}/decline": of_family(),
        "POST /enrol/offers/{place_id}/decline": of_family(),
        "GET /api/v1/rounds": anybody,
        "POST /api/v1/rounds": For(office, json=NEW_ROUND),
        "GET /api/v1/rounds/{round}": anybody,
        "PUT /api/v1/rounds/{round}": For(office, json=NEW_ROUND),
        "POST /api/v1/rounds/{round}/announce": For(office),
        "POST /api/v1/rounds/{round}/cancel": For(office),
        "GET /api/v1/rounds/{round}/classes": anybody,
        "PUT /api/v1/rounds/{round}/classes": For(office, json={"items": []}),
        "GET /api/v1/rounds/{round}/notice": anybody,
        "GET /api/v1/applications": everybody,
        "POST /api/v1/applications": of_family(json={}),
        "GET /api/v1/applications/{number}": of_family(),
        "PUT /api/v1/applications/{number}": of_family(json={"version": 1, "wishes": [1]}),
        "POST /api/v1/applications/{number}/submit": of_family(json={"request_key": "a key of the test"}),
        "POST /api/v1/applications/{number}/withdraw": of_family(),
        "POST /api/v1/applications/{number}/approve": For(deciders, somebodys, json={"class_run": 1}, others_get="404"),
        "POST /api/v1/applications/{number}/reject": For(deciders, somebodys, json={"reason": "x"}, others_get="404"),
        "POST /api/v1/offers/{offer}/confirm": of_family(),
        "POST /api/v1/offers/{offer}/decline": of_family(),
    }
