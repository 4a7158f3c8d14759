"""Certificates: one's own and those of one's children, and for everybody the page that verifies a code."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from api.access import AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.downloads import download
from api.pages.family_parts import RowId
from api.pages.forms import Form, refused
from api.pages.reading import FormText, go, shown
from api.pages.render import render
from api.speak.language import Language
from registry.accounts.permissions import Actor
from registry.certificates.codes import shown_code
from registry.certificates.issue import may_void, printable, reissue, verification_base, void
from registry.certificates.reads import find_certificate, own_certificates, verify
from registry.certificates.tables import Certificate
from registry.errors import Invalid
from registry.programme import setting

router = APIRouter(prefix="/certificates", include_in_schema=False)
open_router = APIRouter(prefix="/verify", include_in_schema=False)


@router.get("")
def own(request: Request, session: DbSession, actor: SignedIn) -> Response:
    """The own ones, and those of the own children."""
    return render(request, "certificates/own.html", certificates=own_certificates(session, actor))


@router.get("/{certificate_id}")
def one(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, certificate_id: RowId
) -> Response:  # fmt: skip
    """What it says, to be read where files cannot be saved."""
    return _one(request, session, actor, language, certificate_id, Form())


@router.post("/{certificate_id}/void")
def take_back(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, certificate_id: RowId,
    reason: FormText = "", do: FormText = "",
) -> Response:  # fmt: skip
    """Void it; with `again`, and issue another one. For whoever issues such certificates."""
    try:
        made = (reissue if do == "again" else void)(session, actor, certificate_id, reason)
    except Invalid as error:
        form = refused({"reason": shown(reason)}, error, language)
        return _one(request, session, actor, language, certificate_id, form, 422)
    return go(f"/certificates/{made.id}")


def _one(
    request: Request, session: Session, actor: Actor, language: Language, certificate_id: int, form: Form,
    status: int = 200,
) -> Response:  # fmt: skip
    from api.prints import certificates as paper

    found = find_certificate(session, actor, certificate_id)
    return render(
        request, "certificates/one.html", status=status, one=found, code=shown_code(found.code), form=form,
        details=paper.details(found, language), note=paper.note(found, setting(session, "service_hours"), language),
        address=f"{base_of(request, session)}/verify", may_void=may_void(session, actor, found),
    )  # fmt: skip


@router.get("/{certificate_id}/paper.pdf")
def one_pdf(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, certificate_id: RowId
) -> Response:  # fmt: skip
    """On A4."""
    found = printable(session, actor, certificate_id)
    return pdf_of(request, session, [found], language, found.shown_number)


@open_router.get("")
def ask(
    request: Request, session: DbSession, browser: AskingBrowser,
    code: Annotated[str, Query(max_length=100)] = "",
) -> Response:  # fmt: skip
    """The form, and what it answers."""
    return _answer(request, session, code, browser.address) if code.strip() else _form(request)


@open_router.get("/{code}")
def told(request: Request, session: DbSession, browser: AskingBrowser, code: str) -> Response:
    """What the code on a certificate leads to."""
    return _answer(request, session, code[:100], browser.address)


def _form(request: Request, code: str = "", problem: str = "", wait: int = 0, status: int = 200) -> Response:
    facts = {"found": None, "code": code, "problem": problem, "minutes": -(-wait // 60)}
    return render(request, "certificates/verify.html", status=status, **facts)


def _answer(request: Request, session: Session, code: str, address: str) -> Response:
    answer = verify(session, code, address)
    if answer.wait:
        return _form(request, code, "wait", answer.wait, 429)
    if answer.found is None:
        return _form(request, code, "unknown", status=404)
    return render(request, "certificates/verify.html", found=answer.found, code=code, problem="", minutes=0)


def base_of(request: Request, session: Session) -> str:
    """The address at which codes are verified: the one that the office set, else the one that was asked."""
    return verification_base(session) or str(request.base_url).rstrip("/")


def pdf_of(request: Request, session: Session, found: list[Certificate], language: Language, name: str) -> Response:
    """Certificates as a file."""
    from api.prints.certificates import certificates

    made = certificates(found, base_of(request, session), setting(session, "service_hours"), language)
    return download(made.pdf, "pdf", f"certificate-{name}.pdf")
