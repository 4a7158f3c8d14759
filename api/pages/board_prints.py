"""What can be printed of a board and of what is published."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.access import SignedIn
from api.deps import DbSession, FullStore, Monday
from api.pages.render import render
from registry.board.boards import board_of
from registry.board.printing import sites_to_print, week_to_print
from registry.duties.publish import version_in_force

router = APIRouter(prefix="/board/{week}/prints", include_in_schema=False)


@router.get("")
def prints(request: Request, session: DbSession, store: FullStore, actor: SignedIn, week: Monday) -> Response:
    """Links to the sheets: of the whole, of each site, of each day."""
    is_open, version = board_of(session, week) is not None, version_in_force(session, week)
    found = week_to_print(session, store, actor, week, is_board=is_open)
    of = [name for name, there in (("board", is_open), ("published", version is not None or not is_open)) if there]
    return render(
        request, "board/prints.html", week=week, of=of, sites=sites_to_print(found, actor), days=found.view.days,
        version=None if version is None else version.number,
    )  # fmt: skip
