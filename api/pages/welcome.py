"""The first page: the newest week, or what to do where there is none."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.deps import DbSession
from api.pages.render import render
from api.shown import Seeing
from registry.rostering.editions import newest_draft, newest_week

router = APIRouter(include_in_schema=False)


@router.get("/")
def first_page(request: Request, session: DbSession, sight: Seeing) -> Response:
    """To the week whose roster was made or published last; without any, how to make one. The public is told only that
    nothing is published yet."""
    monday = newest_week(session, is_public=not sight.drafts)
    if monday is None:
        return render(request, "welcome.html", draft=newest_draft(session) if sight.drafts else None, sight=sight)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/weeks/{monday.isoformat()}{query}", 303)
