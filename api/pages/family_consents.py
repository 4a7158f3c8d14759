"""What a family is asked about a child, item by item, each with yes and no; the answers, and how to change them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from api.access import SignedIn, local_path
from api.deps import DbSession
from api.pages.family_parts import EMPTY, Entered, Next, RowId, family_page, onward, with_next, wrong
from registry.accounts.permissions import Action, Actor
from registry.errors import Conflict, Invalid
from registry.families.around import around
from registry.families.reads import own_child
from registry.families.tables import EmergencyContact
from registry.privacy.consents import answer_consents, consent_rows, history
from registry.privacy.tables import ConsentItem
from registry.privacy.withdrawals import endings

router = APIRouter(prefix="/family/children/{child_id}/consents", include_in_schema=False)

ANSWERS = {"yes": True, "no": False}


@router.get("")
def consents(request: Request, session: DbSession, actor: SignedIn, child_id: RowId, next: Next = "") -> HTMLResponse:
    """What is still to be answered, then the answers that hold, then all that were ever given."""
    return family_page(request, "consents.html", form=EMPTY, **_about(session, actor, child_id, next))


def _about(session: Session, actor: Actor, child_id: int, following: str) -> dict[str, Any]:
    child = own_child(session, actor, child_id, Action.ANSWER_CONSENT)
    rows, past = consent_rows(session, child_id), history(session, child_id)
    return {"child": child, "rows": rows, "past": past, "next": local_path(following, "")}


@router.post("")
def answer(
    request: Request, session: DbSession, actor: SignedIn, child_id: RowId, entered: Entered, next: Next = ""
) -> Response:
    """Keep the answers: all that were still open at once, or one that is changed with one tap."""
    given, seen = read_answers(entered)
    try:
        answer_consents(session, actor, child_id, given, seen, is_sure=entered.get("sure") == "yes")
    except Invalid as error:
        return wrong(request, "consents.html", entered, error, **_about(session, actor, child_id, next))
    except Conflict:
        return _ask_again(request, session, actor, child_id, given, seen)
    here = f"/family/children/{child_id}/consents"
    if entered.get("stay") or any(row.is_open for row in consent_rows(session, child_id)):
        return onward(with_next(here, next), here)
    if not around(session, EmergencyContact, child_id):
        return onward(with_next(f"/family/children/{child_id}/contacts/new", next), here)
    return onward(next, here)


def _ask_again(
    request: Request, session: Session, actor: Actor, child_id: int, given: Mapping[ConsentItem, bool | None],
    seen: Mapping[ConsentItem, str],
) -> Response:  # fmt: skip
    """Which applications a no would withdraw, and whether that is meant; the answers stand in the form."""
    sent = {item.value: "yes" if answer else "no" for item, answer in given.items()}
    sent |= {f"text-{item.value}": digest for item, digest in seen.items()}
    return family_page(
        request, "consent_end.html", status=409, sent=sent, endings=endings(session, actor, child_id),
        child=own_child(session, actor, child_id, Action.ANSWER_CONSENT),
    )  # fmt: skip


def read_answers(entered: Mapping[str, str]) -> tuple[dict[ConsentItem, bool | None], dict[ConsentItem, str]]:
    """The answers of a form, by item, None where none was chosen, and the digests of the texts that were shown."""
    seen = {item: entered[f"text-{item.value}"] for item in ConsentItem if f"text-{item.value}" in entered}
    return {item: ANSWERS.get(entered.get(item.value, "")) for item in seen}, seen
