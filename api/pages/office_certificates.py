"""The office's register of certificates: issue for a term, one or all; void and issue anew; the list as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import Session

from api.access import SignedIn
from api.deps import DbSession, Speech
from api.downloads import TableKind, download
from api.pages.certificates import pdf_of
from api.pages.family_parts import RowId
from api.pages.forms import Form, refused
from api.pages.reading import FormText, go, number, shown
from api.pages.render import render
from registry.accounts.permissions import Action, Actor, require
from registry.certificates.issue import issuer, reissue, save_issuer, void
from registry.certificates.reads import ON_A_PAGE, Asked, find_certificate, register
from registry.certificates.service import issue_service, issue_service_to_all, standings
from registry.errors import Invalid
from registry.programme import terms

router = APIRouter(prefix="/office/certificates", include_in_schema=False)


def read_asked(
    year: Annotated[str, Query(max_length=4)] = "", what: Annotated[str, Query(max_length=20)] = "",
    state: Annotated[str, Query(max_length=20)] = "", q: Annotated[str, Query(max_length=100)] = "",
) -> Asked:  # fmt: skip
    """What of the register is asked for."""
    return Asked(number(year), what, state, q)


Wanted = Annotated[Asked, Depends(read_asked)]


@router.get("")
def the_register(
    request: Request, session: DbSession, actor: SignedIn, asked: Wanted,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:  # fmt: skip
    """The newest first."""
    total, lines = register(session, actor, asked, page)
    return render(
        request, "office/certificates.html", lines=lines, total=total, page=page, asked=asked,
        pages=max(1, -(-total // ON_A_PAGE)), terms=terms(session), form=Form(issuer(session, actor)),
    )  # fmt: skip


@router.get("/register.{kind}")
def the_register_as_file(
    session: DbSession, actor: SignedIn, language: Speech, asked: Wanted, kind: TableKind
) -> Response:  # fmt: skip
    """All of it, as it is filtered."""
    from api.prints.certificates import register as as_file

    _, lines = register(session, actor, asked, None)
    told = ((line.certificate, line.issued_by, line.replaced_by) for line in lines)
    return download(as_file(told, kind, language), kind, f"certificates.{kind}")


@router.post("/issuer")
def save(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, issuer: FormText = "",
    issuer_en: FormText = "", address: FormText = "",
) -> Response:  # fmt: skip
    """Who issues, and where codes are verified."""
    try:
        save_issuer(session, actor, issuer, issuer_en, address)
    except Invalid as error:
        kept = {"issuer": shown(issuer), "issuer_en": shown(issuer_en), "address": shown(address)}
        total, lines = register(session, actor, Asked(), 1)
        return render(
            request, "office/certificates.html", status=422, lines=lines, total=total, page=1, asked=Asked(),
            pages=max(1, -(-total // ON_A_PAGE)), terms=terms(session), form=refused(kept, error, language),
        )  # fmt: skip
    return go("/office/certificates")


@router.get("/terms/{term_id}")
def term(request: Request, session: DbSession, actor: SignedIn, term_id: RowId) -> Response:
    """Who served in a term, how long, and who has a certificate."""
    return _term(request, session, actor, term_id)


@router.post("/terms/{term_id}")
def issue(
    request: Request, session: DbSession, actor: SignedIn, term_id: RowId, volunteer: FormText = ""
) -> Response:  # fmt: skip
    """To one volunteer, or to all who have none."""
    if volunteer:
        issue_service(session, actor, term_id, number(volunteer) or 0)
        return go(f"/office/certificates/terms/{term_id}")
    done = issue_service_to_all(session, actor, term_id)
    return _term(request, session, actor, term_id, made=len(done.made), left_out=done.left_out)


@router.get("/terms/{term_id}/all.pdf")
def term_pdf(request: Request, session: DbSession, actor: SignedIn, language: Speech, term_id: RowId) -> Response:
    """Every certificate of service of the term that is in force, one after the other."""
    lines = standings(session, actor, term_id)
    found = [line.certificate for line in lines if line.certificate is not None]
    return pdf_of(request, session, found, language, f"term-{term_id}")


@router.get("/{certificate_id}")
def one(request: Request, session: DbSession, actor: SignedIn, certificate_id: RowId) -> Response:
    """A line of the register, with what can be done."""
    return _one(request, session, actor, certificate_id, Form())


@router.post("/{certificate_id}/void")
def take_back(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, certificate_id: RowId,
    reason: FormText = "", do: FormText = "",
) -> Response:  # fmt: skip
    """Void it; with `again`, and issue another one."""
    require(actor, Action.LIST_CERTIFICATES)
    try:
        made = (reissue if do == "again" else void)(session, actor, certificate_id, reason)
    except Invalid as error:
        form = refused({"reason": shown(reason)}, error, language)
        return _one(request, session, actor, certificate_id, form, 422)
    return go(f"/office/certificates/{made.id}")


def _one(
    request: Request, session: Session, actor: Actor, certificate_id: int, form: Form, status: int = 200
) -> Response:  # fmt: skip
    found = find_certificate(session, actor, certificate_id)
    _, lines = register(session, actor, Asked(q=found.shown_number), None)
    return render(request, "office/certificate.html", status=status, line=lines[0], form=form)


def _term(
    request: Request, session: Session, actor: Actor, term_id: int, made: int | None = None,
    left_out: Mapping[str, int] | None = None,
) -> Response:  # fmt: skip
    lines = standings(session, actor, term_id)
    facts: dict[str, Any] = {"made": made, "left_out": left_out or {}}
    its = next(one for one in terms(session) if one.id == term_id)
    ready = sum(not (line.certificate or line.problem) for line in lines)
    return render(request, "office/certificates_term.html", term=its, lines=lines, ready=ready, **facts)
