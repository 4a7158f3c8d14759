"""An earlier week or a template copied onto a board: what would be copied and what not, then do it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from api.access import SignedIn
from api.deps import Boards, DbSession, Monday
from api.pages.reading import go
from api.pages.render import render
from registry.board.copying import copy_week, see_copy

router = APIRouter(prefix="/board/{week}/copy", include_in_schema=False)

MOST = 100
"""Entries that cannot be copied that the page lists."""


@router.get("")
def preview(
    request: Request, session: DbSession, actor: SignedIn, week: Monday,
    source: Annotated[date | None, Query(alias="from")] = None, template: Annotated[int | None, Query(ge=1)] = None,
) -> Response:  # fmt: skip
    """What copying would do; last week unless another or a template is asked for."""
    found = see_copy(session, actor, week, source, template=template)
    why = Counter(rule for one in found.left_out for rule in one.rules).most_common()
    return render(request, "board/copy.html", week=week, it=found, why=why, most=MOST)


@router.post("")
def copy(
    session: DbSession, boards: Boards, actor: SignedIn, week: Monday,
    source: Annotated[date | None, Form(alias="from")] = None,
    revision: Annotated[str, Form(max_length=10)] = "", template: Annotated[int | None, Form(ge=1)] = None,
) -> Response:  # fmt: skip
    """Copy it."""
    seen = int(revision) if revision.isascii() and revision.isdigit() else None
    copy_week(session, boards, actor, week, source, seen=seen, template=template)
    return go(f"/board/{week}")
