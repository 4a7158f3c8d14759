"""Lines and rows of the office's pages of enrolment for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from enrol_routes import make_application
from seasons import LONG_AGO
from sqlmodel import select

from registry import clock
from registry.db import session_scope
from registry.enrolment.tables import Application, EnrolmentRound, PriorityGroup, Wish
from registry.privacy.tables import BulkExport
from registry.programme import ClassRun, Site, Term

Params = dict[str, Any]
ROUND = {
    "season": "2026", "name": "x", "mode": "lottery", "opens_at": "2100-01-01T09:00", "closes_at": "2100-01-02T09:00",
    "offer_hours": "24", "most_wishes": "5", "most_seats": "1", "waitlist_length": "20", "order": "served-first",
    "families": "prefer-together",
}  # fmt: skip
STEPS = ("edit", "classes", "announce", "cancel")
SEEN = {"is_true": True, "seen_by": "王"}


def desk_application(world: Any, *, elsewhere: bool) -> Params:
    """A claimed application that wishes for a class of the coordinator's site, or of the other one."""
    made = make_application(world.engine, next(world.numbers), world.account())
    with session_scope(world.engine) as session:
        found = session.exec(select(Application).where(Application.number == made["number"])).one()
        group = session.exec(select(PriorityGroup.code)).first()
        found.group_code, found.group_status = group, "claimed"
        session.add(found)
        if elsewhere:
            site = session.exec(select(Site.id).where(Site.name == "乙点位")).one()
            run = ClassRun(
                site_id=site or 0, term_id=session.exec(select(Term.id)).first() or 0, name=made["number"],
                grade_low=1, grade_high=6, capacity=2, min_to_open=0, confirmed=0, parts=["am"],
            )  # fmt: skip
            session.add(run)
            session.flush()
            wish = session.exec(select(Wish).where(Wish.application_id == found.id)).one()
            wish.class_run_id = run.id or 0
            session.add(wish)
        session.flush()
        wished = session.exec(select(Wish.class_run_id).where(Wish.application_id == found.id)).one()
    return {"receipt": made["number"], "number": made["number"], "body": {"class_run": wished}}


def an_export(world: Any, account_id: int, site: str, *, is_approved: bool) -> Params:
    """A whole-name list that somebody asked for."""
    with session_scope(world.engine) as session:
        place = session.exec(select(Site.id).where(Site.name == site)).one()
        round_id = session.exec(select(EnrolmentRound.id)).first()
        made = BulkExport(
            kind="placed_children", filters={"round": round_id, "site": place}, reason="x", asked_by_id=account_id,
            asked_at=LONG_AGO, approved_at=clock.now() if is_approved else None,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return {"export_id": made.id, "id": made.id}


def office_lines(
    For: Callable[..., Any], office: str, auditor: str, coordinator: str, elsewhere: str
) -> dict[str, Any]:
    """The pages and their interface: coordinators on their own sites, auditors look only."""
    desk, watching, only = (coordinator, elsewhere, office), (coordinator, elsewhere, office, auditor), (office,)

    def own(world: Any, role: str) -> Params:
        return desk_application(world, elsewhere=role == elsewhere)

    def foreign(world: Any, role: str) -> Params:
        return desk_application(world, elsewhere=role != elsewhere)

    def a_round(world: Any, _role: str) -> Params:
        return {"round_id": (made := world.round()), "id": made}

    def others_export(world: Any, _role: str) -> Params:
        return an_export(world, world.account(), "甲点位", is_approved=True)

    def to_approve(world: Any, _role: str) -> Params:
        return an_export(world, world.account(), "甲点位", is_approved=False)

    def own_export(world: Any, role: str) -> Params:
        asker = world.ids.get(role) or world.account()
        return an_export(world, asker, "乙点位" if role == elsewhere else "甲点位", is_approved=True)

    def at_desk(allowed: tuple[str, ...], **more: Any) -> Any:
        return For(allowed, own, foreign=foreign, anywhere=(office, auditor), **more)

    return {
        "GET /office/rounds": For(watching),
        "GET /office/rounds/new": For(only),
        "POST /office/rounds/new": For(only, body=ROUND),
        "GET /office/rounds/{round_id}": For(watching, a_round),
        **{f"{m} /office/rounds/{{round_id}}/{step}": For(only, a_round) for m in ("GET", "POST") for step in STEPS},
        **_round_lines(For, desk, watching, a_round),
        "GET /office/applications": For(watching),
        "GET /office/applications/find": For(watching),
        "GET /office/applications/list.{kind}": For(watching, lambda _w, _r: {"kind": "xlsx"}),
        "GET /office/applications/{receipt}": at_desk(watching),
        "POST /office/applications/{receipt}/claim": at_desk(desk, body={"answer": "yes", "seen_by": "王"}),
        "POST /office/applications/{receipt}/approve": at_desk(desk, body={"class_run": "1"}),
        "POST /office/applications/{receipt}/reject": at_desk(desk, body={"reason": "x"}),
        "GET /office/exports": For(desk),
        "POST /office/exports": For(desk),
        "POST /office/exports/{export_id}/approve": For(only, to_approve),
        "POST /office/exports/{export_id}/take": For(desk, own_export, foreign=others_export, foreign_is="403"),
        "GET /api/v1/office/rounds": For(watching),
        "GET /api/v1/office/rounds/{id}": For(watching, a_round),
        "GET /api/v1/office/rounds/{id}/applications": For(watching, a_round),
        "GET /api/v1/office/applications/{number}": at_desk(watching),
        "POST /api/v1/office/applications/{number}/claim": at_desk(desk, json=SEEN),
        "GET /api/v1/office/exports": For(desk),
        "POST /api/v1/office/exports": For((coordinator, office), json={"round_id": 1, "site_id": 1, "reason": "x"}),
        "POST /api/v1/office/exports/{id}/approve": For(only, to_approve),
        "POST /api/v1/office/exports/{id}/take": For(desk, own_export, foreign=others_export, foreign_is="403"),
        **_programme_lines(For, only),
    }


def _round_lines(
    For: Callable[..., Any], desk: tuple[str, ...], watching: tuple[str, ...], a_round: Any
) -> dict[str, Any]:
    """Forms on paper in, results out."""
    return {
        **{f"{way} /office/rounds/{{round_id}}/paper": For(desk, a_round) for way in ("GET", "POST")},
        "GET /office/rounds/{round_id}/paper/template.xlsx": For(desk, a_round),
        "GET /api/v1/office/rounds/{id}/paper.xlsx": For(desk, a_round),
        "POST /api/v1/office/rounds/{id}/paper": For(desk, a_round),
        "GET /office/rounds/{round_id}/results.{kind}": For(
            watching, lambda world, role: {**a_round(world, role), "kind": "csv"}
        ),
        "GET /api/v1/office/rounds/{id}/results": For(watching, a_round),
    }


def _programme_lines(For: Callable[..., Any], only: tuple[str, ...]) -> dict[str, Any]:
    return {
        "GET /office/programme": For(only),
        **{f"POST /office/programme/{what}": For(only) for what in ("seasons", "partners", "days", "papers")},
        "POST /office/programme/sites/{site_id}": For(only),
        "GET /api/v1/office/programme": For(only),
        "PUT /api/v1/office/programme/seasons": For(only, json={"year": 2026, "name": "x"}),
        "PUT /api/v1/office/programme/partners": For(only, json={"name": "x"}),
        "PUT /api/v1/office/programme/days": For(only, json={"day": "2026-06-19", "name": "x"}),
        "PUT /api/v1/office/programme/sites/{id}": For(only, json={"serves_lunch": True, "offers_nap": True}),
        "PUT /api/v1/office/programme/papers": For(only, json={"collects": False}),
    }
