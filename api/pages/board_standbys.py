"""The stand-bys of a published week: who should be ready on each day, and the absences that nothing covers."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.access import SignedIn
from api.deps import DbSession, Monday
from api.pages.reading import go
from api.pages.render import render
from registry.repairs.standby import ask_standbys, see_standbys

router = APIRouter(prefix="/board/{week}/standbys", include_in_schema=False)

LOOKS_EVERY = 2


@router.get("")
def standbys(request: Request, session: DbSession, actor: SignedIn, week: Monday) -> Response:
    """Of the version in force."""
    it = see_standbys(session, actor, week)
    return render(request, "board/standbys.html", week=week, it=it, looks_every=LOOKS_EVERY)


@router.post("")
def ask(session: DbSession, actor: SignedIn, week: Monday) -> Response:
    """Have them worked out."""
    ask_standbys(session, actor, week)
    return go(f"/board/{week}/standbys")
