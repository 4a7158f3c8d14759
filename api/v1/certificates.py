"""Certificates: one's own, verifying a code, and for those who issue them the register and what can be done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response, status
from pydantic import Field

from api.access import DESCRIBED, AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.downloads import PDF, SHEET, TableKind, download
from api.pages.certificates import pdf_of
from api.v1.accounts import PERSONAL
from api.v1.models import Model
from registry.attendance.floor import flagged, term_shown
from registry.certificates import issue, participation, reads, service
from registry.certificates.codes import shown_code
from registry.certificates.tables import Certificate

router = APIRouter(tags=["certificates"], responses=PERSONAL, dependencies=DESCRIBED)
open_router = APIRouter(tags=["certificates"])
RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]


class CertificateOut(Model):
    """A certificate as it was issued. `facts` are what it says."""

    id: int
    kind: str = Field(examples=["service"])
    number: str = Field(examples=["2026-000017"])
    code: str = Field(examples=["7KQ2-M9XW-4TB8-ZC1D"])
    holder: str
    term_id: int
    class_run_id: int | None
    facts: dict[str, Any]
    issued_on: date
    state: str = Field(examples=["valid"])

    @classmethod
    def of(cls, one: Certificate) -> CertificateOut:
        """From its row."""
        return cls(
            id=one.id or 0, kind=one.kind, number=one.shown_number, code=shown_code(one.code), holder=one.holder,
            term_id=one.term_id, class_run_id=one.class_run_id, facts=one.facts, issued_on=one.issued_on,
            state=one.state,
        )  # fmt: skip


class RegisterLineOut(CertificateOut):
    """The same with who issued and voided it, when and why."""

    issued_at: datetime
    issued_by: str
    voided_at: datetime | None
    voided_by: str
    void_reason: str
    replaced_by: str

    @classmethod
    def of_line(cls, line: reads.RegisterLine) -> RegisterLineOut:
        """From a line of the register."""
        one = line.certificate
        return cls(
            **CertificateOut.of(one).model_dump(), issued_at=one.issued_at, issued_by=line.issued_by,
            voided_at=one.voided_at, voided_by=line.voided_by, void_reason=one.void_reason,
            replaced_by=line.replaced_by,
        )  # fmt: skip


class Register(Model):
    """A page of the register."""

    total: int
    items: list[RegisterLineOut]


class VerifiedOut(Model):
    """What a code verifies; the name is masked."""

    state: str = Field(examples=["valid"])
    kind: str
    number: str
    holder: str = Field(examples=["张*丰"])
    issued_on: date
    voided_on: date | None
    issuer: str
    year: int
    term: str
    days: int
    hours: float | None


class Checked(Model):
    """The certificate of the code, or none; `wait` are seconds until this address may try again."""

    found: VerifiedOut | None
    wait: int


class StandingOut(Model):
    """A volunteer's hours in a term. `problem` says why nothing can be certified yet."""

    volunteer_id: int
    name: str
    days: int
    hours: float
    problem: str = Field(examples=["stay_open"])
    certificate: CertificateOut | None


class ChildFigures(Model):
    """How often a child was there, and its certificate. `is_below_floor` is for a person to look at."""

    child_id: int
    name: str
    held: int
    attended: int
    excused: int
    percent: int | None
    is_below_floor: bool
    certificate: CertificateOut | None

    @classmethod
    def of(cls, line: participation.ChildStanding) -> ChildFigures:
        """From a line of the class."""
        its = line.attendance
        return cls(
            child_id=line.child.id or 0, name=line.child.name, held=its.held, attended=its.attended,
            excused=its.excused, percent=its.percent, is_below_floor=its.is_below_floor,
            certificate=CertificateOut.of(line.certificate) if line.certificate else None,
        )  # fmt: skip


class FlaggedOut(Model):
    """A child below the floor."""

    site: str
    class_run_id: int
    class_run: str
    child_id: int
    name: str
    held: int
    attended: int
    percent: int | None


class Children(Model):
    """For whom."""

    child_ids: list[Annotated[int, Field(ge=1, le=2**31 - 1)]] = Field(max_length=100)


class Issue(Model):
    """For whom; nobody is all who have none."""

    volunteer_id: int | None = Field(default=None, ge=1, le=2**31 - 1)


class IssuedOut(Model):
    """The new ones, and how many were left out by the reason."""

    made: list[CertificateOut]
    left_out: dict[str, int] = Field(examples=[{"certificate_there": 3}])


class Void(Model):
    """Why, and whether another one takes its place."""

    reason: str = Field(max_length=2000)
    again: bool = False


class Issuer(Model):
    """Who issues certificates, and the address at which codes are verified."""

    issuer: str = Field(max_length=1000)
    issuer_en: str = Field(max_length=1000)
    address: str = Field(default="", max_length=1000)


@open_router.get("/verify/{code}", summary="Verify a certificate")
def verify(session: DbSession, browser: AskingBrowser, code: Annotated[str, Path(max_length=100)]) -> Checked:
    """By the code that stands on it; wrong codes are counted by address."""
    answer = reads.verify(session, code, browser.address)
    found = VerifiedOut.model_validate(answer.found) if answer.found else None
    return Checked(found=found, wait=answer.wait)


@router.get("/certificates", summary="One's own certificates")
def own(session: DbSession, actor: SignedIn) -> list[CertificateOut]:
    """As a volunteer, and those of one's children; void ones too."""
    return [CertificateOut.of(one) for one in reads.own_certificates(session, actor)]


@router.get("/certificates/{id}", summary="A certificate")
def one(session: DbSession, actor: SignedIn, id: RowId) -> CertificateOut:
    """For its holder and for those who issue it."""
    return CertificateOut.of(reads.find_certificate(session, actor, id))


@router.get("/certificates/{id}/paper.pdf", summary="A certificate on A4", response_class=Response, responses=PDF)
def paper(request: Request, session: DbSession, actor: SignedIn, language: Speech, id: RowId) -> Response:
    """One that is in force."""
    found = issue.printable(session, actor, id)
    return pdf_of(request, session, [found], language, found.shown_number)


@router.post("/certificates/{id}/void", summary="Void a certificate")
def void(session: DbSession, actor: SignedIn, id: RowId, body: Void) -> CertificateOut:
    """And, with `again`, issue another one of what is known now, which is answered."""
    return CertificateOut.of((issue.reissue if body.again else issue.void)(session, actor, id, body.reason))


@router.get("/attendance/floor", summary="Children who come too rarely")
def floor(
    session: DbSession, actor: SignedIn, term: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> list[FlaggedOut]:  # fmt: skip
    """At one's own sites, in a term (the newest with any day); nothing follows by itself."""
    shown = term_shown(session, actor, term)
    its = shown.id if shown and shown.id else 0
    return [
        FlaggedOut(
            site=line.site.name, class_run_id=line.class_run.id or 0, class_run=line.class_run.name,
            child_id=line.child.id or 0, name=line.child.name, held=line.attendance.held,
            attended=line.attendance.attended, percent=line.attendance.percent,
        )
        for line in flagged(session, actor, its)
    ]  # fmt: skip


CLASS = "/attendance/classes/{class_run_id}"


@router.get(CLASS + "/figures", summary="How often the children of a class were there")
def figures(session: DbSession, actor: SignedIn, class_run_id: RowId) -> list[ChildFigures]:
    """Those below the floor first."""
    return [ChildFigures.of(line) for line in participation.class_standings(session, actor, class_run_id)]


@router.get(CLASS + "/figures.{kind}", summary="The same as a spreadsheet", response_class=Response, responses=SHEET)
def figures_file(
    session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, kind: TableKind
) -> Response:  # fmt: skip
    """`kind` is xlsx or csv."""
    from api.prints.certificates import figures_list

    lines = participation.class_standings(session, actor, class_run_id)
    return download(figures_list(lines, kind, language), kind, f"attendance-{class_run_id}.{kind}")


@router.post(CLASS + "/certificates", summary="Certify that children took part", status_code=status.HTTP_201_CREATED)
def issue_participation(session: DbSession, actor: SignedIn, class_run_id: RowId, body: Children) -> IssuedOut:
    """Those who have one, or were never there, are left out and counted."""
    done = participation.issue_participation(session, actor, class_run_id, body.child_ids)
    return IssuedOut(made=[CertificateOut.of(one) for one in done.made], left_out=dict(done.left_out))


@router.get("/office/certificates", summary="The register of certificates")
def register(
    session: DbSession, actor: SignedIn, year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    kind: Annotated[str, Query(max_length=20)] = "", state: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=100)] = "", page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Register:  # fmt: skip
    """The newest first, fifty a page."""
    total, lines = reads.register(session, actor, reads.Asked(year, kind, state, q), page)
    return Register(total=total, items=[RegisterLineOut.of_line(line) for line in lines])


@router.get("/office/certificates/terms/{term_id}", summary="Who served in a term")
def standings(session: DbSession, actor: SignedIn, term_id: RowId) -> list[StandingOut]:
    """Hours that count, and the certificate of those who have one."""
    return [
        StandingOut(
            volunteer_id=line.volunteer.id or 0, name=line.volunteer.name, days=line.days, hours=line.hours,
            problem=line.problem, certificate=CertificateOut.of(line.certificate) if line.certificate else None,
        )
        for line in service.standings(session, actor, term_id)
    ]  # fmt: skip


@router.post("/office/certificates/terms/{term_id}", summary="Certify service", status_code=status.HTTP_201_CREATED)
def issue_service(session: DbSession, actor: SignedIn, term_id: RowId, body: Issue) -> IssuedOut:
    """To one volunteer, or to all who have none."""
    if body.volunteer_id is not None:
        made = service.issue_service(session, actor, term_id, body.volunteer_id)
        return IssuedOut(made=[CertificateOut.of(made)], left_out={})
    done = service.issue_service_to_all(session, actor, term_id)
    return IssuedOut(made=[CertificateOut.of(one) for one in done.made], left_out=dict(done.left_out))


@router.get("/office/certificates/issuer", summary="Who issues certificates")
def get_issuer(session: DbSession, actor: SignedIn) -> Issuer:
    """And where their codes are verified."""
    return Issuer(**issue.issuer(session, actor))


@router.put("/office/certificates/issuer", summary="Change who issues certificates")
def put_issuer(session: DbSession, actor: SignedIn, body: Issuer) -> Issuer:
    """What stands on certificates from now on."""
    issue.save_issuer(session, actor, body.issuer, body.issuer_en, body.address)
    return get_issuer(session, actor)
