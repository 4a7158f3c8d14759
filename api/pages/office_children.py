"""A child as staff see it: masked; one part at a time is shown, once, after a reason was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.access import AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.pages.forms import Form, refused
from api.pages.reading import FormText, shown
from api.pages.render import render
from registry.accounts.permissions import Actor
from registry.errors import Invalid
from registry.privacy.staff import REASONS, masked_child, reveal

router = APIRouter(prefix="/office/children", include_in_schema=False)
RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@dataclass(frozen=True)
class Shown:
    """A part that was just revealed."""

    part: str
    lines: tuple[str, ...]


@router.get("/{child_id}")
def one_child(request: Request, session: DbSession, actor: SignedIn, child_id: RowId) -> Response:
    """The child, masked."""
    return _page(request, session, actor, child_id, Form())


@router.post("/{child_id}")
def reveal_part(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, browser: AskingBrowser, child_id: RowId,
    part: FormText = "", reason: FormText = "", text: FormText = "",
) -> Response:  # fmt: skip
    """One part, unmasked, on this answer alone: it has no address of its own and stays in no browser."""
    try:
        lines = reveal(session, actor, child_id, part, reason, text, browser.address)
    except Invalid as error:
        form = refused({"part": part, "reason": reason, "text": shown(text)}, error, language)
        return _page(request, session, actor, child_id, form, status=422)
    return _page(request, session, actor, child_id, Form(), Shown(part, lines))


def _page(
    request: Request, session: DbSession, actor: Actor, child_id: int, form: Form, now: Shown | None = None,
    *, status: int = 200,
) -> Response:  # fmt: skip
    child = masked_child(session, actor, child_id)
    return render(request, "office/child.html", status=status, child=child, form=form, shown=now, reasons=REASONS)
