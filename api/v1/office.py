"""The office's part of enrolment: how rounds stand, applications at the desk, whole-name lists, the programme. A
coordinator gets what concerns the own sites. Rounds are made and applications decided in `enrolment_*.py`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession
from api.v1 import office_models as models
from api.v1 import office_shapes as shapes
from api.v1.accounts import PERSONAL, RowId
from registry import programme_office
from registry.accounts.permissions import Action, require
from registry.enrolment import desk
from registry.enrolment.claims import decide_claim
from registry.enrolment.lists import CLAIMS, STATUSES, ApplicationLine, Asked, applications
from registry.enrolment.results import results
from registry.errors import FieldProblem, Invalid
from registry.privacy import bulk_exports

router = APIRouter(prefix="/office", tags=["office"], responses=PERSONAL, dependencies=DESCRIBED)

Receipt = Annotated[str, Path(max_length=20, description="A receipt's number.", examples=["123456788"])]
Number = Annotated[int, Query(ge=1, le=2**31 - 1)]


@router.get("/rounds", summary="Rounds")
def rounds(session: DbSession, actor: SignedIn) -> models.RoundList:
    """Every round with its figures; a coordinator sees those that are announced."""
    lines = desk.round_lines(session, actor)
    return models.RoundList(items=[models.RoundModel(**shapes.round_facts(line)) for line in lines])


@router.get("/rounds/{id}", summary="A round")
def one_round(session: DbSession, actor: SignedIn, id: RowId) -> models.RoundOverview:
    """With its sites, the most wanted first."""
    return shapes.overview_of(desk.overview(session, actor, id))


@router.get("/rounds/{id}/applications", summary="Applications of a round")
def list_applications(
    session: DbSession, actor: SignedIn, id: RowId,
    status: Annotated[str | None, Query(max_length=20, examples=["submitted"])] = None,
    claim: Annotated[str | None, Query(max_length=20, examples=["claimed"])] = None,
    site: Number | None = None, class_run: Number | None = None,
    q: Annotated[str, Query(max_length=100, description="A number or its beginning, or a whole name.")] = "",
    first: Annotated[int, Query(ge=0, le=1_000_000)] = 0, most: Annotated[int, Query(ge=1, le=200)] = 40,
) -> models.ApplicationList:  # fmt: skip
    """Names are masked."""
    wrong = [("status", status, STATUSES), ("claim", claim, CLAIMS)]
    problems = [FieldProblem(name, "choose_one") for name, given, known in wrong if given and given not in known]
    require(actor, Action.LIST_APPLICATIONS)
    desk.visible_round(session, actor, id)
    if problems:
        raise Invalid(*problems)
    asked = Asked(id, status or None, claim or None, site, class_run, q)
    found = applications(session, actor, asked, limit=most, offset=first)
    return models.ApplicationList(total=found.total, items=[_listed(line) for line in found.lines])


@router.get("/rounds/{id}/results", summary="How a round came out")
def round_results(session: DbSession, actor: SignedIn, id: RowId, site: Number | None = None) -> models.ResultList:
    """Places and waitlists by site, class and number, names masked; a coordinator gets the own sites."""
    lines = results(session, actor, id, site)
    return models.ResultList(items=[models.ResultModel.model_validate(line) for line in lines])


@router.get("/applications/{number}", summary="An application at the desk")
def one_application(session: DbSession, actor: SignedIn, number: Receipt) -> models.ApplicationDetail:
    """With its wishes, its claim and its history."""
    return shapes.detail_of(desk.detail(session, actor, number))


@router.post("/applications/{number}/claim", summary="Verify or refuse a claim")
def claim(session: DbSession, actor: SignedIn, number: Receipt, new: models.ClaimBody) -> models.ApplicationDetail:
    """The papers were seen on site."""
    require(actor, Action.VERIFY_CLAIM)
    found = desk.application_at_desk(session, actor, number)
    decide_claim(session, actor, found.number, is_true=new.is_true, seen_by=new.seen_by)
    return shapes.detail_of(desk.detail(session, actor, found.number))


@router.get("/exports", summary="Whole-name lists that were asked for")
def list_exports(session: DbSession, actor: SignedIn) -> models.ExportList:
    """All for the office, else one's own."""
    return models.ExportList(items=[shapes.export_of(line) for line in bulk_exports.exports(session, actor)])


@router.post("/exports", summary="Ask for a whole-name list", status_code=201)
def ask_export(session: DbSession, actor: SignedIn, new: models.ExportBody) -> models.ExportModel:
    """A second person of the office has to approve it."""
    made = bulk_exports.ask_export(session, actor, **new.model_dump())
    return _export(session, actor, made.id)


@router.post("/exports/{id}/approve", summary="Approve a whole-name list")
def approve_export(session: DbSession, actor: SignedIn, id: RowId) -> models.ExportModel:
    """Not one's own."""
    return _export(session, actor, bulk_exports.approve_export(session, actor, id).id)


@router.post("/exports/{id}/take", summary="Take a whole-name list")
def take_export(session: DbSession, actor: SignedIn, id: RowId) -> models.PlacedList:
    """Once, within seven days of the approval."""
    rows = bulk_exports.take_export(session, actor, id)
    return models.PlacedList(items=[models.PlacedModel.model_validate(row) for row in rows])


@router.get("/programme", summary="Seasons, partners, days off, sites")
def programme(session: DbSession, actor: SignedIn) -> models.Programme:
    """What the office may change of the programme for enrolment."""
    found = programme_office.overview(session, actor)
    return models.Programme(
        seasons=[models.SeasonBody.model_validate(s) for s in found.seasons],
        partners=[
            models.PartnerBody(
                id=p.id, name=p.name, credit_code=p.credit_code or "", contact_name=p.contact_name,
                contact_phone=p.contact_phone or "",
            )
            for p in found.partners
        ],
        days=[models.DayBody.model_validate(d) for d in found.days],
        sites=[
            models.SiteFactsModel(**s.model_dump(exclude={"public_phone"}), public_phone=s.public_phone or "")
            for s in found.sites
        ],
        collects_papers=found.collects_papers,
    )  # fmt: skip


@router.put("/programme/seasons", summary="Save a season", status_code=204)
def save_season(session: DbSession, actor: SignedIn, new: models.SeasonBody) -> Response:
    """A new one, or another name."""
    programme_office.save_season(session, actor, new.year, new.name)
    return Response(status_code=204)


@router.put("/programme/partners", summary="Save a partner", status_code=204)
def save_partner(session: DbSession, actor: SignedIn, new: models.PartnerBody) -> Response:
    """Without an id a new one."""
    programme_office.save_partner(session, actor, **new.model_dump(exclude={"id"}), partner_id=new.id)
    return Response(status_code=204)


@router.put("/programme/days", summary="Save a day off", status_code=204)
def save_day(session: DbSession, actor: SignedIn, new: models.DayBody) -> Response:
    """The newest entry of a day holds."""
    programme_office.save_day(session, actor, new.day, new.name, is_worked=new.is_worked)
    return Response(status_code=204)


@router.put("/programme/sites/{id}", summary="Save what parents read of a site", status_code=204)
def save_site(session: DbSession, actor: SignedIn, id: RowId, new: models.SiteFacts) -> Response:
    """Lunch, nap, the public phone."""
    programme_office.save_site_facts(session, actor, id, **new.model_dump())
    return Response(status_code=204)


@router.put("/programme/papers", summary="Whether identity papers are collected", status_code=204)
def save_papers(session: DbSession, actor: SignedIn, new: models.PapersBody) -> Response:
    """Off by default."""
    programme_office.set_collects_papers(session, actor, collects=new.collects)
    return Response(status_code=204)


def _export(session: DbSession, actor: SignedIn, export_id: int | None) -> models.ExportModel:
    lines = bulk_exports.exports(session, actor)
    return shapes.export_of(next(line for line in lines if line.export.id == export_id))


def _listed(line: ApplicationLine) -> models.ApplicationModel:
    same = ("number", "child", "entry_year", "status", "claim", "submitted_at")
    wishes, places = (
        [models.NamedClass(class_run_id=n, name=name) for n, name in both] for both in (line.wishes, line.places)
    )
    return models.ApplicationModel(**{name: getattr(line, name) for name in same}, wishes=wishes, places=places)
