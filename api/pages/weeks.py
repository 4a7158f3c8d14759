"""The coordinator's week: what is open first, then by class, by volunteer, by site."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.deps import DbSession
from api.lists import Found, FoundClasses, FoundSites, FoundVolunteers
from api.pages.render import render
from api.shown import Week
from registry.rostering.week_gaps import class_gaps, shortages, week_gaps
from registry.rostering.week_store import StoredWeek, weeks

router = APIRouter(prefix="/weeks/{week}", include_in_schema=False)

ON_A_PAGE = 40
"""Entries of a list on one page: a few screens of a phone."""
MOST_GAPS = 15
"""Classes with gaps that the first page lists."""

LOADS = ("unused", "light", "fit", "over", "away")
ROLES = ("lead", "assistant", "instructor")

PageNumber = Annotated[int, Query(ge=1, le=10_000)]


@router.get("")
def overview(request: Request, session: DbSession, week: Week) -> HTMLResponse:
    """What is open, how good the roster is, and what to do next."""
    gaps = week_gaps(week.view)
    return week_page(
        request,
        session,
        week,
        "overview",
        gaps=gaps,
        most=MOST_GAPS,
        shortages=shortages(week.view),
        parts=_parts(week),
    )


@router.get("/classes")
def classes(
    request: Request, session: DbSession, week: Week, found: FoundClasses, page: PageNumber = 1
) -> HTMLResponse:
    """All classes, those with the gravest gaps first."""
    return _list(request, session, week, "classes", found, page)


@router.get("/classes/{id_}")
def one_class(request: Request, session: DbSession, week: Week, id_: str) -> HTMLResponse:
    """One class and its week."""
    row = week.class_row(id_)
    return week_page(request, session, week, "class", row=row, gaps=class_gaps(week.view, row))


@router.get("/volunteers")
def volunteers(
    request: Request, session: DbSession, week: Week, found: FoundVolunteers, page: PageNumber = 1
) -> HTMLResponse:
    """The volunteers who may be with children, the most loaded first."""
    return _list(request, session, week, "volunteers", found, page, loads=LOADS, roles=ROLES)


@router.get("/volunteers/{id_}")
def one_volunteer(request: Request, session: DbSession, week: Week, id_: str) -> HTMLResponse:
    """One volunteer and their week."""
    return week_page(request, session, week, "volunteer", row=week.volunteer_row(id_))


@router.get("/sites")
def sites(request: Request, session: DbSession, week: Week, found: FoundSites, page: PageNumber = 1) -> HTMLResponse:
    """All sites, those with the gravest gaps first."""
    return _list(request, session, week, "sites", found, page)


@router.get("/sites/{id_}")
def one_site(request: Request, session: DbSession, week: Week, id_: str) -> HTMLResponse:
    """One site: its classes and who comes."""
    return week_page(request, session, week, "site", row=week.site_row(id_), people=week.people_at(id_))


def _list(
    request: Request, session: DbSession, week: StoredWeek, name: str, found: Found[Any], page: int, **facts: Any
) -> HTMLResponse:
    """One page of a list."""
    rows, page, pages = found.page(page, ON_A_PAGE)
    facts |= {"rows": rows, "total": found.total, "page": page, "pages": pages}
    return week_page(request, session, week, name, **found.asked, **facts)


def week_page(request: Request, session: DbSession, week: StoredWeek, name: str, **facts: Any) -> HTMLResponse:
    """A page about a week, with its frame."""
    return render(
        request,
        f"coordinator/{name}.html",
        week=week,
        view=week.view,
        weeks=weeks(session, is_public=not request.state.sight.drafts),
        sight=request.state.sight,
        base=f"/weeks/{week.path}",
        **facts,
    )


def _parts(week: StoredWeek) -> list[str]:
    """The parts of a day that occur in the week, in order."""
    order = ("am", "noon", "pm", "evening")
    return sorted({column.part for column in week.view.columns}, key=order.index)
