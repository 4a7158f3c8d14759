"""How a round came out, as a file to take away: names masked, for one site or for all that somebody has."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.downloads import TableKind, download
from api.pages.enrol import RoundId
from registry.enrolment.results import results

router = APIRouter(prefix="/office/rounds/{round_id}", include_in_schema=False)


@router.get("/results.{kind}")
def save_results(
    session: DbSession, actor: SignedIn, language: Speech, round_id: RoundId, kind: TableKind,
    site: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:  # fmt: skip
    """Places and waitlists by site, class and number."""
    from api.prints.office_lists import results as as_file

    lines = results(session, actor, round_id, site)
    where = f"{round_id}-{site}" if site else str(round_id)
    return download(as_file(lines, kind, language), kind, f"qingzai-results-{where}.{kind}")
