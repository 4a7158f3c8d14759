"""Voiding and issuing anew, whatever the kind; who issues certificates and where their codes are verified."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlmodel import Session

from registry.accounts.permissions import Action, Actor, may, require
from registry.certificates.participation import reissue_participation, void_participation
from registry.certificates.reads import find_certificate
from registry.certificates.service import reissue_service, void_service
from registry.certificates.tables import Certificate, Kind
from registry.conventions.texts import line_of
from registry.errors import Conflict, FieldProblem, Invalid
from registry.families.classes import subject_of_class
from registry.programme import ClassRun, Setting, setting

ISSUER = "certificates"
LONGEST_ISSUER, LONGEST_ADDRESS = 60, 200


def void(session: Session, actor: Actor, certificate_id: int, reason: str) -> Certificate:
    """Take a certificate out of force; whoever issues such certificates may.

    Raises:
        NotAllowed; NotFound: `certificate_unknown`. Invalid: at `reason`. Conflict: `certificate_void`.
    """
    found = _to_void(session, actor, certificate_id)
    (void_service if found.kind == Kind.SERVICE else void_participation)(session, actor, found, reason)
    return found


def reissue(session: Session, actor: Actor, certificate_id: int, reason: str) -> Certificate:
    """Void it, and issue another one of what is known now.

    Raises:
        As `void`; Refused: where there is nothing to certify any more. Nothing is voided then.
    """
    found = _to_void(session, actor, certificate_id)
    again = reissue_service if found.kind == Kind.SERVICE else reissue_participation
    return again(session, actor, found, reason)


def may_void(session: Session, actor: Actor, found: Certificate) -> bool:
    """Whether the actor issues such certificates, so that it may be voided."""
    if found.kind == Kind.SERVICE:
        return may(actor, Action.ISSUE_SERVICE)
    run = session.get(ClassRun, found.class_run_id)
    return run is not None and may(actor, Action.ISSUE_PARTICIPATION, subject_of_class(run))


def _to_void(session: Session, actor: Actor, certificate_id: int) -> Certificate:
    if not may(actor, Action.ISSUE_SERVICE):
        require(actor, Action.ISSUE_PARTICIPATION)
    return find_certificate(session, actor, certificate_id)


def printable(session: Session, actor: Actor, certificate_id: int) -> Certificate:
    """One in force, to be printed.

    Raises:
        NotAllowed; NotFound: `certificate_unknown`. Conflict: `certificate_void`.
    """
    found = find_certificate(session, actor, certificate_id)
    if found.voided_at is not None:
        raise Conflict("certificate_void")
    return found


def issuer(session: Session, actor: Actor) -> dict[str, str]:
    """Who issues certificates (`issuer`, `issuer_en`), and the `address` at which they are verified.

    Raises:
        NotAllowed: for anybody but the office.
    """
    require(actor, Action.ISSUE_SERVICE)
    found: dict[str, str] = setting(session, ISSUER)
    return found


def save_issuer(session: Session, actor: Actor, name: str, name_en: str, address: str) -> None:
    """What stands on certificates from now on.

    Raises:
        NotAllowed; Invalid: at `issuer`, `issuer_en`: `needed`, `too_long`; at `address`: `address_malformed`.
    """
    require(actor, Action.ISSUE_SERVICE)
    value: dict[str, str] = {}
    problems: list[FieldProblem] = []
    for field, text in (("issuer", name), ("issuer_en", name_en), ("address", address)):
        try:
            value[field] = _address(text) if field == "address" else line_of(field, text, LONGEST_ISSUER, needed=True)
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(*problems)
    found = session.get(Setting, ISSUER) or Setting(key=ISSUER, value=value)
    found.value = value
    session.add(found)
    session.flush()


def verification_base(session: Session) -> str:
    """The address at which codes are verified, empty where none is set."""
    return str(setting(session, ISSUER)["address"])


def _address(text: str) -> str:
    """An address of a site such as https://tuoguan.example.cn, without a slash at its end."""
    text = line_of("address", text, LONGEST_ADDRESS)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_site = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        is_site = False
    if not is_site or not text.isascii() or " " in text:
        raise Invalid(FieldProblem("address", "address_malformed"))
    return text.rstrip("/")
