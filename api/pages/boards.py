"""Which weeks have a board, and opening one."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.access import SignedIn
from api.deps import DbSession
from api.pages.render import render
from registry.board.copying import WEEK
from registry.board.desk import weeks_of_boards

router = APIRouter(prefix="/board", include_in_schema=False)


@router.get("")
def list_boards(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """The weeks, the latest first."""
    return render(request, "board/weeks.html", weeks=weeks_of_boards(session, actor), week_long=WEEK)
