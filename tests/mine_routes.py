"""Lines of what volunteers answer, and of what coordinators see of it, for the test that asks every route."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

from duties_routes import a_published_week
from sqlmodel import col, func, select

from registry import clock
from registry.accounts.tables import Account
from registry.db import session_scope
from registry.duties.answer_tables import Absence
from registry.duties.tables import RosteredDuty, RosterVersion
from registry.people import Volunteer
from registry.programme import ClassRun

Params = dict[str, Any]


def _absence(world: Any, volunteer_id: int) -> Params:
    """One that was withdrawn: to withdraw it again changes nothing."""
    with session_scope(world.engine) as session:
        made = Absence(
            volunteer_id=volunteer_id, day=clock.today(), part="am", reason="ill", source="page",
            reported_at=clock.now(), withdrawn_at=clock.now(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        return {"id_": made.id}


def _number(world: Any, role: str) -> int:
    with session_scope(world.engine) as session:
        account = session.get_one(Account, world.ids.get(role, world.ids["volunteer"]))
        own = account.volunteer_id or session.get_one(Account, world.ids["volunteer"]).volunteer_id
        return own or 0


def own_absence(world: Any, role: str) -> Params:
    """One of the own."""
    return _absence(world, _number(world, role))


def others_absence(world: Any, role: str) -> Params:
    """One of another volunteer's."""
    with session_scope(world.engine) as session:
        one = session.get_one(Volunteer, _number(world, role))
        other = session.exec(select(Volunteer).where(Volunteer.name == "别人")).first() or Volunteer(
            name="别人", sex=one.sex, born_on=one.born_on, kind=one.kind, max_segments=1, preferred_segments=1,
            reach_km=1.0,
        )  # fmt: skip
        session.add(other)
        session.flush()
        number = other.id or 0
    return _absence(world, number)


def a_duty(world: Any, role: str) -> Params:
    """A day far ahead on which the volunteer has a class."""
    with session_scope(world.engine) as session:
        ahead = session.exec(select(func.count()).select_from(RosteredDuty)).one()
    return _on_duty(world, role, date(2090, 1, 2) + timedelta(days=ahead))


def a_duty_today(world: Any, role: str) -> Params:
    """The same today."""
    return _on_duty(world, role, clock.today())


def _on_duty(world: Any, role: str, day: date) -> Params:
    version, number = a_published_week(world, role), _number(world, role)
    with session_scope(world.engine) as session:
        week = date.fromisoformat(version["week"])
        made = session.exec(select(RosterVersion.id).where(RosterVersion.week == week)).first()
        run = session.exec(select(ClassRun.id).order_by(col(ClassRun.id))).first()
        known = session.exec(
            select(RosteredDuty).where(RosteredDuty.volunteer_id == number, RosteredDuty.day == day)
        ).first()
        if known is None:
            session.add(
                RosteredDuty(
                    version_id=made or 0, day=day, part="am", starts_at=time(8), ends_at=time(23, 59),
                    class_run_id=run or 0, volunteer_id=number, role="lead",
                )
            )  # fmt: skip
    one = {"day": day.isoformat(), "part": "am"}
    return {"day": day.isoformat(), "id_": number, "volunteer_id": number, "class_run_id": run, "body": {"parts": one}}


def as_json(rows: Callable[[Any, str], Params]) -> Callable[[Any, str], Params]:
    """Parts of days as the interface takes them."""
    return lambda world, role: (found := rows(world, role)) | {"body": {"parts": [found["body"]["parts"]]}}


def as_form(rows: Callable[[Any, str], Params]) -> Callable[[Any, str], Params]:
    """Parts of a day as a form sends them."""
    return lambda world, role: (found := rows(world, role)) | {"body": {"parts": found["body"]["parts"]["part"]}}


def bare(rows: Callable[[Any, str], Params]) -> Callable[[Any, str], Params]:
    """Without parts."""
    return lambda world, role: rows(world, role) | {"body": {}}


def mine_lines(
    For: Callable[..., Any], open_: Any, volunteer: str, desk: tuple[str, ...], able: tuple[str, ...]
) -> dict[str, Any]:
    """Volunteers answer for themselves, coordinators look; links need no sign-in and are judged by their seal."""
    link, interface, text = "/d/{token}", "/api/v1/duty-links/{token}", {"text": "好"}
    own, others, today = own_absence, others_absence, bare(a_duty_today)
    return {
        "GET /duties": For((volunteer,)),
        "GET /api/v1/duties": For((volunteer,)),
        "POST /duties/{day}/coming": For((volunteer,), bare(a_duty)),
        "POST /api/v1/duties/{day}/coming": For((volunteer,), bare(a_duty)),
        "POST /duties/{day}/absent": For((volunteer,), as_form(a_duty)),
        "POST /api/v1/duties/absent": For((volunteer,), as_json(a_duty), json={}),
        "POST /duties/{day}/notes/{class_run_id}": For((volunteer,), today, body=text),
        "POST /api/v1/duties/{day}/notes/{class_run_id}": For((volunteer,), today, json=text),
        "POST /duties/absences/{id_}/withdraw": For((volunteer,), own, foreign=others),
        "DELETE /api/v1/duties/absences/{id}": For((volunteer,), own, foreign=others),
        "GET /answers": For(desk),
        "GET /api/v1/answers/{week}": For(desk),
        "POST /answers/{day}/{volunteer_id}/absent": For(able, as_form(a_duty)),
        "POST /api/v1/answers/volunteers/{id}/absent": For(able, as_json(a_duty), json={}),
        f"GET {link}": open_,
        f"POST {link}/coming": open_,
        f"POST {link}/absent": open_,
        f"GET {interface}": open_,
        f"POST {interface}/coming": open_,
        f"POST {interface}/absent": open_,
    }
