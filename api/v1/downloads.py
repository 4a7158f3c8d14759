"""A week to take away: sheets as PDF, a workbook, a calendar. Names are masked, as on the pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from api.deps import Speech
from api.downloads import XLSX, attachment
from api.shown import Seeing, Week
from api.v1.accounts import PERSONAL
from registry import clock
from registry.rostering.week_cards import Card
from registry.rostering.week_sheets import by_grade, by_name, door_sheets
from registry.rostering.week_store import StoredWeek

router = APIRouter(prefix="/weeks/{week}", tags=["downloads"], responses=PERSONAL)

Id = Annotated[str, Path(max_length=100)]
PaperSize = Literal["a3", "a4", "a5"]
Paper = Annotated[PaperSize, Query(description="The paper to print on.")]

PDF = "application/pdf"
ICAL = "text/calendar; charset=utf-8"


def _download(data: bytes, kind: str, name: str) -> Response:
    """A file to be saved under a name. Its names are masked, so that the browser may keep it."""
    return Response(data, media_type=kind, headers={"Content-Disposition": attachment(name)})


def answers(kind: str) -> dict[int | str, dict[str, Any]]:
    """What the interface's description says of a download."""
    content = {kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": "The file.", "content": content}}


@router.get("/district.pdf", summary="The district's overview", response_class=Response, responses=answers(PDF))
def district(week: Week, language: Speech, paper: Paper = "a4") -> Response:
    """What is missing first, then how every site is doing."""
    from api.prints import overview

    return _pdf(week, "district", overview.district(week, _edition(language, paper)), "district")


@router.get("/sites.pdf", summary="All sites' timetables", response_class=Response, responses=answers(PDF))
def all_sites(week: Week, language: Speech, paper: Paper = "a4") -> Response:
    """A timetable for every site that has classes in the week."""
    from api.prints import sheets

    sites = by_name(site for site in week.view.sites if site.classes)
    return _pdf(week, "site", sheets.timetables(week, _edition(language, paper), sites), "sites")


@router.get("/sites/{id}/timetable.pdf", summary="A site's timetable", response_class=Response, responses=answers(PDF))
def site(week: Week, id: Id, language: Speech, paper: Paper = "a4") -> Response:
    """The week of a site: every class, who is there, what is given, what is missing."""
    from api.prints import sheets

    row = week.site_row(id)
    return _pdf(week, "site", sheets.timetables(week, _edition(language, paper), [row]), row.name)


@router.get("/sites/{id}/doors.pdf", summary="A site's door sheets", response_class=Response, responses=answers(PDF))
def site_doors(week: Week, id: Id, language: Speech, paper: Paper = "a4") -> Response:
    """A sheet for each class of a site on each day."""
    from api.prints import sheets

    row = week.site_row(id)
    found = door_sheets(week.view, by_grade(row.classes))
    return _pdf(week, "door", sheets.doors(week, _edition(language, paper), found), f"{row.name}-doors")


@router.get("/doors.pdf", summary="All door sheets", response_class=Response, responses=answers(PDF))
def all_doors(week: Week, language: Speech, paper: Paper = "a4") -> Response:
    """A sheet for each class of the district on each day, site by site. Some hundred sheets take a while."""
    from api.prints import sheets

    rows = by_grade(row for site in by_name(week.view.sites) for row in site.classes)
    return _pdf(week, "door", sheets.doors(week, _edition(language, paper), door_sheets(week.view, rows)), "doors")


@router.get("/cards.pdf", summary="All volunteers' cards", response_class=Response, responses=answers(PDF))
def all_cards(week: Week, language: Speech, paper: Paper = "a4") -> Response:
    """A card for everybody with any duty or lesson, by name. Some hundred cards take a while."""
    return _cards(week, week.cards.values(), language, paper, "cards")


@router.get("/sites/{id}/cards.pdf", summary="A site's cards", response_class=Response, responses=answers(PDF))
def site_cards(week: Week, id: Id, language: Speech, paper: Paper = "a4") -> Response:
    """A card for everybody who comes to a site, with their whole week."""
    row = week.site_row(id)
    here = (card for card in week.cards.values() if row.id in card.sites)
    return _cards(week, here, language, paper, f"{row.name}-cards")


@router.get("/classes/{id}/doors.pdf", summary="A class's door sheets", response_class=Response, responses=answers(PDF))
def class_doors(week: Week, id: Id, language: Speech, paper: Paper = "a4") -> Response:
    """A sheet for a class on each day."""
    from api.prints import sheets

    row = week.class_row(id)
    found = door_sheets(week.view, [row])
    name = f"{row.site_name}-{row.name or row.id}-doors"
    return _pdf(week, "door", sheets.doors(week, _edition(language, paper), found), name)


@router.get("/volunteers/{id}/card.pdf", summary="A volunteer's card", response_class=Response, responses=answers(PDF))
def volunteer_card(week: Week, id: Id, language: Speech, paper: Paper = "a4") -> Response:
    """Where a volunteer is to be when, in which class, as what."""
    card = _card(week, id)
    return _cards(week, [card], language, paper, card.id)


@router.get("/volunteers/{id}/week.ics", summary="A volunteer's week", response_class=Response, responses=answers(ICAL))
def volunteer_calendar(week: Week, id: Id, language: Speech) -> Response:
    """A volunteer's week for any calendar."""
    from api.prints.calendar import calendar

    card = _card(week, id)
    return _download(calendar(card, week.draft, {}, language), ICAL, f"{week.monday.isoformat()}-{card.id}.ics")


@router.get("/week.xlsx", summary="The week as a workbook", response_class=Response, responses=answers(XLSX))
def workbook(week: Week, language: Speech, sight: Seeing) -> Response:
    """By class, as lists, with gaps and with what may be chosen."""
    from api.prints import workbook as books

    goes_back_to = "command" if sight.commands else "board" if sight.pages else "nobody"
    return _download(
        books.workbook(week, _edition(language, "a4"), goes_back_to=goes_back_to),
        XLSX,
        f"{week.monday.isoformat()}-week.xlsx",
    )


def _edition(language: Speech, paper: PaperSize) -> Any:
    from api.prints.sheets import Edition

    return Edition(paper, language, clock.now(), is_masked=True)


def _pdf(week: StoredWeek, template: Any, data: dict[str, Any], name: str) -> Response:
    from api.prints.aside import printed_aside

    return _download(printed_aside(template, data).pdf, PDF, f"{week.monday.isoformat()}-{name}.pdf")


def _cards(week: StoredWeek, found: Iterable[Card], language: Speech, paper: PaperSize, name: str) -> Response:
    from api.prints import sheets

    return _pdf(week, "volunteer", sheets.cards(week, _edition(language, paper), found, {}), name)


def _card(week: StoredWeek, id_: str) -> Card:
    """The card of a volunteer who may be with children, an empty one for somebody with nothing to do."""
    row = week.volunteer_row(id_)
    return week.cards.get(row.id) or Card(row.id, row.name, row.is_adult, ())
