"""Paper from the board or of what is published, with whole names: doors by day, week plans, volunteers' cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession, FullStore, Monday, Speech
from api.downloads import attachment
from api.v1.accounts import PERSONAL
from api.v1.downloads import PDF, PaperSize, answers
from registry import clock
from registry.board.printing import sites_to_print, week_to_print
from registry.rostering.week_places import addresses
from registry.rostering.week_sheets import by_grade, by_name, door_sheets

if TYPE_CHECKING:  # The typesetter is loaded when something is printed.
    from api.prints.press import Template

router = APIRouter(prefix="/boards/{week}/prints", tags=["board"], responses=PERSONAL, dependencies=DESCRIBED)

What = Literal["doors", "plans", "cards"]
TEMPLATES: dict[str, Template] = {"doors": "door", "plans": "site", "cards": "volunteer"}


@router.get("/{what}.pdf", summary="Sheets with whole names", response_class=Response, responses=answers(PDF))
def sheets_of_week(
    session: DbSession, store: FullStore, actor: SignedIn, week: Monday, language: Speech, what: What,
    of: Annotated[Literal["board", "published"], Query(description="The board, or what is published.")] = "board",
    site: Annotated[str, Query(max_length=100, description="One site; else all that one may change.")] = "",
    day: Annotated[int | None, Query(ge=1, le=7, description="Of doors: one weekday.")] = None,
    paper: PaperSize = "a4",
) -> Response:  # fmt: skip
    """Doors: a sheet a class and day. Plans: a sheet a site. Cards: a sheet for everybody who comes to these sites."""
    from api.prints import sheets
    from api.prints.aside import printed_aside
    from api.prints.sheets import Edition

    found = week_to_print(session, store, actor, week, is_board=of == "board")
    sites = by_name(sites_to_print(found, actor, site))
    edition = Edition(paper, language, clock.now())
    if what == "doors":
        rows = by_grade(row for one in sites for row in one.classes)
        data = sheets.doors(found, edition, door_sheets(found.view, rows, None if day is None else {day}))
    elif what == "plans":
        data = sheets.timetables(found, edition, sites)
    else:
        ids = {one.id for one in sites}
        cards = (card for card in found.cards.values() if ids & set(card.sites))
        data = sheets.cards(found, edition, cards, addresses(session, found.problem))
    parts = [week.isoformat(), what, of, *([str(day)] if what == "doors" and day else [])]
    parts += [*([paper] if paper != "a4" else []), *([sites[0].name] if site else [])]
    headers = {"Content-Disposition": attachment(f"{'-'.join(parts)}.pdf"), "Cache-Control": "no-store"}
    return Response(printed_aside(TEMPLATES[what], data).pdf, media_type=PDF, headers=headers)
