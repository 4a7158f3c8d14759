"""Lines of closing the day, for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from attendance_routes import Rows, attendance_lines
from duties_routes import a_published_week

from registry import clock


def day_lines(
    for_: Callable[..., Any], lead: str, volunteer: str, coordinator: str, elsewhere: str, office: str, auditor: str
) -> dict[str, Any]:
    """Lines of attendance, then of closing it."""
    marks = attendance_lines(for_, lead, volunteer, coordinator, elsewhere, office, auditor)
    return marks | closing_lines(for_, lead, volunteer, coordinator, elsewhere, office)


def closing_lines(
    for_: Callable[..., Any], lead: str, volunteer: str, coordinator: str, elsewhere: str, office: str
) -> dict[str, Any]:
    """Coordinators for their own sites, the office for all."""
    rows, desk = Rows(lead, volunteer, elsewhere), (coordinator, elsewhere, office)
    week = {"week": (clock.today() - timedelta(days=clock.today().weekday())).isoformat()}

    def own(world: Any, role: str) -> dict[str, Any]:
        return {**rows.own(world, role), **week}

    def published(world: Any, role: str) -> dict[str, Any]:
        return {**own(world, role), "week": a_published_week(world, role)["week"]}

    def foreign(world: Any, role: str) -> dict[str, Any]:
        return {**rows.foreign(world, role), **week}

    def at(**more: Any) -> Any:
        return for_(desk, own, foreign=foreign, anywhere=(office,), **more)

    def leads() -> Any:
        return for_((lead, *desk), own, foreign=foreign, anywhere=(office,))

    page, api = "/board/{week}/closing", "/api/v1/boards/{week}/closing"
    return {
        f"GET {page}": for_(desk, lambda _world, _role: week),
        f"GET {page}/{{site_id}}/{{day}}": at(),
        f"POST {page}/{{site_id}}/{{day}}": at(),
        "GET /attendance/classes/{class_run_id}/contacts.pdf": leads(),
        "GET /api/v1/attendance/classes/{class_run_id}/contacts.pdf": leads(),
        "GET /api/v1/attendance/sites/{site_id}/weeks/{week}/sheets.pdf": for_(
            (lead, *desk), published, foreign=foreign, anywhere=(office,)
        ),
        f"GET {api}": for_(desk, lambda _world, _role: week),
        f"GET {api}/{{site_id}}/{{day}}": at(),
        f"POST {api}/{{site_id}}/{{day}}": at(json={}),
    }
