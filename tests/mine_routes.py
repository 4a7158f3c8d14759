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
from registry.duties.answer_tables import Absence, CourseOffer, DutySwap
from registry.duties.tables import RosteredDuty, RosterVersion
from registry.people import DatedAvailability, Volunteer
from registry.programme import ClassRun, Course

Params = dict[str, Any]

WISHES = {"available": [], "most": 3, "preferred": 1, "sites": [], "courses": []}


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


def own_swap(world: Any, role: str) -> Params:
    """An offer of one's own that was taken back: to take it back again changes nothing."""
    return _swap(world, _number(world, role), "from_id", "withdrawn")


def others_swap(world: Any, role: str) -> Params:
    """The same of two others."""
    return _swap(world, None, "from_id", "withdrawn")


def accepted_swap(world: Any, role: str) -> Params:
    """An offer to oneself that one has accepted."""
    return _swap(world, _number(world, role), "to_id", "accepted")


def declined_swap(world: Any, role: str) -> Params:
    """One that one has declined."""
    return _swap(world, _number(world, role), "to_id", "declined")


def others_answer(world: Any, role: str) -> Params:
    """An offer to somebody else."""
    return _swap(world, None, "to_id", "accepted")


def a_date(world: Any, role: str) -> Params:
    """A day for which the volunteer has told that they cannot come."""
    day, number = date(2090, 1, 2), _number(world, role)
    with session_scope(world.engine) as session:
        if session.get(DatedAvailability, (number, day, "am")) is None:
            session.add(DatedAvailability(volunteer_id=number, day=day, part="am", comes=False))
    return {"told": day.isoformat(), "day": day.isoformat()}


def _swap(world: Any, mine: int | None, side: str, status: str) -> Params:
    with session_scope(world.engine) as session:
        one = session.get_one(Volunteer, _number(world, "volunteer"))
        other = Volunteer(
            name="同事", sex=one.sex, born_on=one.born_on, kind=one.kind, max_segments=1, preferred_segments=1,
            reach_km=1.0,
        )  # fmt: skip
        session.add(other)
        session.flush()
        sides = {"from_id": other.id or 0, "to_id": other.id or 0} | ({side: mine} if mine else {})
        made = DutySwap(
            week=date(2090, 1, 2), give_json=[], take_json=[], status=status, made_at=clock.now(),
            expires_at=clock.now(), **sides,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return {"id_": made.id, "id": made.id}


def a_duty_to_swap(world: Any, role: str) -> Params:
    """A duty in a published week that knows nobody, so that no swap comes of it."""
    week = date.fromisoformat(a_published_week(world, role)["week"])
    made = _on_duty(world, role, week)
    with session_scope(world.engine) as session:
        other = session.get_one(Absence, others_absence(world, role)["id_"]).volunteer_id
    wanted = {"parts": "am", "to": str(other)}
    return made | {"week": week.isoformat(), "class_run": made["class_run_id"], "body": wanted}


def offer_as_json(world: Any, role: str) -> Params:
    """The same as the interface takes it."""
    made = a_duty_to_swap(world, role)
    wanted = {"day": made["day"], "class_run": made["class_run_id"], "parts": ["am"], "to": int(made["body"]["to"])}
    return made | {"body": wanted}


def an_offer(world: Any, role: str) -> Params:
    """A course that a volunteer offers."""
    number = _number(world, role)
    with session_scope(world.engine) as session:
        count = session.exec(select(func.count()).select_from(Course)).one()
        course = Course(name=f"课程{count}", domain="labour", grade_low=1, grade_high=6)
        session.add(course)
        session.flush()
        session.add(CourseOffer(volunteer_id=number, course_id=course.id or 0, made_at=clock.now()))
        return {"volunteer_id": number, "id": number, "course_id": course.id, "course": course.id}


def office_lines_of_volunteers(For: Callable[..., Any], office: str) -> dict[str, Any]:
    """What the office sets, and the courses that it confirms."""
    page, interface = "/office/volunteering", "/api/v1/office/volunteering"
    rules = {"reminder_hour": 18, "swap_hours": 24}
    return {
        f"GET {page}": For((office,)),
        f"POST {page}": For((office,), body={name: str(value) for name, value in rules.items()}),
        f"POST {page}/{{volunteer_id}}/{{course_id}}": For((office,), an_offer, body={"answer": "yes"}),
        f"GET {interface}": For((office,)),
        f"PUT {interface}": For((office,), json=rules),
        f"POST {interface}/{{id}}/courses/{{course}}": For((office,), an_offer, json={"is_confirmed": False}),
    }


def swap_lines(For: Callable[..., Any], volunteer: str) -> dict[str, Any]:
    """Each of the two answers for themselves, and nobody else."""
    way, interface, stay = "/duties/swaps/{id_}", "/api/v1/duties/swaps", "/duties/swap/{day}/{class_run_id}"
    own, others, to_me, to_others = own_swap, others_swap, accepted_swap, others_answer
    swap = bare(a_duty_to_swap)
    return {
        f"POST {way}/accept": For((volunteer,), to_me, foreign=to_others),
        f"POST {way}/decline": For((volunteer,), declined_swap, foreign=to_others),
        f"POST {way}/withdraw": For((volunteer,), own, foreign=others),
        f"POST {interface}/{{id}}/answer": For((volunteer,), to_me, foreign=to_others, json={"accepts": True}),
        f"DELETE {interface}/{{id}}": For((volunteer,), own, foreign=others),
        f"POST {interface}": For((volunteer,), offer_as_json, json={}),
        f"GET {interface}/colleagues/{{day}}/{{class_run}}": For((volunteer,), swap),
        f"GET {stay}": For((volunteer,), swap),
        f"POST {stay}": For((volunteer,), a_duty_to_swap),
        "POST /duties/open/{day}": For((volunteer,), swap, body={"place": "{}"}),
        "GET /api/v1/duties/open/{week}": For((volunteer,), swap),
        "POST /api/v1/duties/open/{week}": For((volunteer,), swap, json={"entry": {}}),
    }


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
        "GET /duties/open": For((volunteer,)),
        "GET /duties/wishes": For((volunteer,)),
        "POST /duties/wishes": For((volunteer,), body={"most": "3", "preferred": "1"}),
        "GET /duties/dates": For((volunteer,)),
        "POST /duties/dates": For((volunteer,), body={"first": "2000-01-03", "parts": "am"}),
        "POST /duties/dates/{told}/remove": For((volunteer,), a_date),
        "GET /api/v1/duties/dates": For((volunteer,)),
        "POST /api/v1/duties/dates": For((volunteer,), json={"first": "2000-01-03", "parts": ["am"]}),
        "DELETE /api/v1/duties/dates/{day}": For((volunteer,), a_date),
        "GET /duties/calendar": For((volunteer,)),
        "POST /duties/calendar": For((volunteer,)),
        "POST /duties/calendar/end": For((volunteer,)),
        "POST /duties/reminders": For((volunteer,), body={"wanted": "yes"}),
        "GET /api/v1/duties/swaps": For((volunteer,)),
        "GET /api/v1/duties/wishes": For((volunteer,)),
        "PUT /api/v1/duties/wishes": For((volunteer,), json=WISHES),
        "GET /api/v1/duties/choices": For((volunteer,)),
        "PUT /api/v1/duties/choices/reminders": For((volunteer,), json={"is_reminded": True}),
        "POST /api/v1/duties/choices/calendar": For((volunteer,)),
        "DELETE /api/v1/duties/choices/calendar": For((volunteer,)),
        **swap_lines(For, volunteer),
        **office_lines_of_volunteers(For, able[-1]),
        "GET /d/calendar/{token}.ics": open_,
        "GET /d/swap/{token}": open_,
        "POST /d/swap/{token}/accept": open_,
        "POST /d/swap/{token}/decline": open_,
        "GET /api/v1/swap-links/{token}": open_,
        "POST /api/v1/swap-links/{token}/answer": open_,
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
