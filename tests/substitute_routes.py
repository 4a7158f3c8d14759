"""Lines and rows of substitutes for the test that asks every route as every role."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from factories import facts
from sqlmodel import func, select

from registry import clock
from registry.db import session_scope
from registry.duties.tables import RosterVersion
from registry.people import Volunteer
from registry.programme import ClassRun, Site, Term
from registry.substitutes.tables import SubstituteAsk, SubstituteSearch

Params = dict[str, Any]
NOBODY = {
    "format": "qingzai.roster/1",
    "duties": [],
    "lessons": [],
    "result": {"cost": {"safety": 0, "programme": 0, "quality": 0}},
}


def places_of(world: Any, _role: str) -> Params:
    """A published week of nothing in which the coordinator's class has an open place; and a search for it."""
    with session_scope(world.engine) as session:
        site = sorted(n or 0 for n in session.exec(select(Site.id)))[0]
        run = session.exec(select(ClassRun).where(ClassRun.site_id == site)).first()
        assert run is not None
        run.confirmed = run.confirmed or 20
        term = session.get_one(Term, run.term_id)
        monday = term.starts_on - timedelta(days=term.starts_on.isoweekday() - 1)
        problem = facts()
        problem["sites"] = [{**problem["sites"][0], "id": f"s{site}"}]
        problem["classes"] = [{**problem["classes"][0], "id": f"c{run.id}", "site": f"s{site}"}]
        number = session.exec(select(func.max(RosterVersion.number)).where(RosterVersion.week == monday)).one()
        version = RosterVersion(
            week=monday, number=(number or 0) + 1, problem_json=problem, roster_json=NOBODY, seed=1, software="x",
            published_at=clock.now(),
        )  # fmt: skip
        session.add(version)
        volunteer = session.exec(select(Volunteer.id).order_by("id")).first() or 0
        row = {"class": f"c{run.id}", "segment": "1-am", "role": "lead"}
        search = SubstituteSearch(week=monday, day=monday, class_run_id=run.id or 0, places_json=[row], minutes=60,
                                  begun_at=clock.now())  # fmt: skip
        session.add(search)
        session.flush()
        ask = SubstituteAsk(search_id=search.id or 0, volunteer_id=volunteer, rank=1, status="asked",
                            asked_at=clock.now(), answer_by=clock.now() + timedelta(hours=1))  # fmt: skip
        session.add(ask)
        session.flush()
        return {"week": monday.isoformat(), "search": search.id, "ask": ask.id, "row": row}


def _with_place(world: Any, role: str) -> Params:
    """The same, with what a form sends: the open place of a class where nobody looks for anybody yet."""
    made = places_of(world, role)
    with session_scope(world.engine) as session:
        for search in session.exec(select(SubstituteSearch)):
            search.status = "stopped"
            session.add(search)
    return {**made, "body": {"place": json.dumps(made["row"]), "minutes": "60"}}


def _with_row(world: Any, role: str) -> Params:
    """The same as the interface takes it."""
    made = _with_place(world, role)
    return {**made, "body": {"places": [made["row"]]}}


def substitute_lines(
    for_: Callable[..., Any], coordinator: str, elsewhere: str, office: str, volunteer: str, open_: Any
) -> Any:
    """Coordinators look for substitutes at their sites; a volunteer answers what they are asked."""
    anyone, here = (coordinator, elsewhere, office), (coordinator, office)
    page, interface = "/board/{week}/substitutes", "/api/v1/boards/{week}/substitutes"
    asked: dict[str, Any] = {"json": {"accepts": False}}
    row: dict[str, Any] = {"json": {"instead_of": None}}
    return {
        f"GET {page}": for_(anyone, places_of),
        f"GET {page}/new": for_(anyone, places_of),
        f"POST {page}": for_(here, _with_place),
        f"GET {page}/{{search}}": for_(here, places_of),
        f"POST {page}/{{search}}/stop": for_(here, places_of),
        f"POST {page}/{{search}}/asks/{{ask}}": for_(here, places_of, body={"accepts": "false"}),
        f"GET {interface}": for_(anyone, places_of),
        f"GET {interface}/places": for_(anyone, places_of),
        f"POST {interface}/candidates": for_(here, _with_row, **row),
        f"POST {interface}": for_(here, _with_row, **row),
        f"GET {interface}/{{search}}": for_(here, places_of),
        f"POST {interface}/{{search}}/stop": for_(here, places_of),
        f"POST {interface}/{{search}}/asks/{{ask}}": for_(here, places_of, **asked),
        "GET /d/ask/{token}": open_,
        "POST /d/ask/{token}": open_,
        "GET /api/v1/duty-links/ask/{token}": open_,
        "POST /api/v1/duty-links/ask/{token}": open_,
        "GET /duties/asked": for_((volunteer,)),
        "POST /duties/asked/{ask}": for_((volunteer,), places_of, body={"accepts": "false"}),
        "GET /api/v1/duties/asked": for_((volunteer,)),
        "POST /api/v1/duties/asked/{ask}": for_((volunteer,), places_of, **asked),
    }
