"""Lines and rows of children's data for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from enrol_routes import make_application
from sqlmodel import col, select, update

from registry import clock
from registry.db import session_scope
from registry.enrolment.tables import Application, Place, Wish
from registry.families.tables import Guardianship
from registry.privacy.tables import DataRequest
from registry.programme import ClassRun, Site

Params = dict[str, Any]
GUARDIAN, LEAD, COORDINATOR, ELSEWHERE, OFFICE, AUDITOR = (
    "guardian", "class lead", "coordinator", "coordinator of another site", "office", "auditor",
)  # fmt: skip
REVEAL: dict[str, object] = {"part": "name", "reason": "check"}


def placed_child(world: Any, role: str) -> Params:
    """A child of another family with a place at the site, and in the class, of the role that asks."""
    made = make_application(world.engine, next(world.numbers), world.account())
    with session_scope(world.engine) as session:
        mine = session.exec(select(Application).where(Application.number == made["number"])).one()
        if role == ELSEWHERE:
            site = session.exec(select(Site).where(Site.name == "乙点位")).one()
            first = session.exec(select(ClassRun)).first()
            assert first is not None
            run = ClassRun(
                site_id=site.id or 0, term_id=first.term_id, name=f"{mine.id}班", grade_low=1, grade_high=6,
                capacity=9, min_to_open=0, confirmed=0, parts=["am"],
            )  # fmt: skip
            session.add(run)
            session.flush()
            for table in (Place, Wish):
                moved = update(table).where(col(table.application_id) == mine.id).values(class_run_id=run.id)
                session.execute(moved)
        return {"child_id": mine.child_id}


def foreign_child(world: Any, _role: str) -> Params:
    """A child that has nothing to do with any site or class."""
    return {"child_id": world.families.foreign()["child_id"]}


def request_of(world: Any, child_id: int) -> Params:
    """A request about a child."""
    with session_scope(world.engine) as session:
        guardian = session.exec(select(Guardianship.guardian_id).where(Guardianship.child_id == child_id)).one()
        made = DataRequest(guardian_id=guardian, child_id=child_id, kind="correction", text="x", created_at=clock.now())
        session.add(made)
        session.flush()
        return {"child_id": child_id, "request_id": made.id}


def own_child(world: Any, role: str) -> Params:
    """The guardian's child, with a request."""
    return request_of(world, world.families.own(world.ids[GUARDIAN], is_new=role == GUARDIAN)["child_id"])


def others_child(world: Any, _role: str) -> Params:
    """Another family's child, with a request."""
    return request_of(world, world.families.foreign()["child_id"])


def a_request(world: Any, role: str) -> Params:
    """A request of some family."""
    return others_child(world, role)


def privacy_lines(line: Callable[..., Any], anybody: object) -> dict[str, Any]:
    """The lines of the table, made by `line`; `anybody` is that of an open route."""
    data, api = "/family/children/{child_id}/data", "/api/v1/children/{child_id}"
    own = {
        f"GET {data}": {}, f"GET {data}/export.json": {}, f"GET {data}/export.pdf": {},
        f"POST {data}/requests": {"body": {"kind": "correction", "text": "x"}},
        f"POST {data}/requests/{{request_id}}/take-back": {},
        f"GET {api}/export": {}, f"GET {api}/requests": {},
        f"POST {api}/requests": {"json": {"kind": "correction", "text": "x"}},
        f"DELETE {api}/requests/{{request_id}}": {},
    }  # fmt: skip
    staff = {
        "GET /office/children/{child_id}": {}, "POST /office/children/{child_id}": {"body": REVEAL},
        "GET /api/v1/staff/children/{child_id}": {},
        "POST /api/v1/staff/children/{child_id}/reveal": {"json": REVEAL},
    }  # fmt: skip
    return {
        "GET /privacy": anybody,
        "GET /api/v1/purposes": anybody,
        **{
            name: line((GUARDIAN,), own_child, foreign=others_child, others_get="404", **more)
            for name, more in own.items()
        },
        **{
            name: line((LEAD, COORDINATOR, ELSEWHERE, OFFICE), placed_child, foreign=foreign_child,
                       anywhere=(OFFICE,), **more)
            for name, more in staff.items()
        },
        "GET /office/children": line((LEAD, COORDINATOR, ELSEWHERE, OFFICE)),
        "GET /api/v1/staff/children": line((LEAD, COORDINATOR, ELSEWHERE, OFFICE)),
        "GET /office/requests": line((OFFICE,)),
        "POST /office/requests/{request_id}": line((OFFICE,), a_request, body={"decision": "grant"}),
        "GET /api/v1/requests": line((OFFICE,)),
        "POST /api/v1/requests/{request_id}/decision": line((OFFICE,), a_request, json={"is_granted": True}),
        "GET /office/access-log": line((OFFICE, AUDITOR)),
        "GET /api/v1/access-log": line((OFFICE, AUDITOR)),
        "GET /office/retention": line((OFFICE,)),
        "POST /office/retention": line((OFFICE,), body={"mode": "trial"}),
        "GET /api/v1/retention-runs": line((OFFICE,)),
        "POST /api/v1/retention-runs": line((OFFICE,), json={"is_trial": True}),
    }  # fmt: skip
