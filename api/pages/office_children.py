"""Children as staff see them, masked: a list, and one child, of which one part at a time is shown after a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.access import AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.pages.forms import Form, refused
from api.pages.reading import FormText, number, shown
from api.pages.render import render
from registry.accounts.permissions import Actor
from registry.errors import Invalid
from registry.privacy.staff import REASONS, masked_child, reveal
from registry.privacy.staff_list import STATUSES, children, class_options

router = APIRouter(prefix="/office/children", include_in_schema=False)
RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Asked = Annotated[str, Query(max_length=20)]
ON_A_PAGE = 40


@dataclass(frozen=True)
class Shown:
    """A part that was just revealed."""

    part: str
    lines: tuple[str, ...]


@router.get("")
def list_children(
    request: Request, session: DbSession, actor: SignedIn,
    class_run: Annotated[str, Query(alias="class", max_length=20)] = "",
    status: Asked = "", page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:  # fmt: skip
    """The children of the own sites or classes. A filter that is no filter does not filter."""
    run, state = number(class_run), status if status in STATUSES else None
    found = children(session, actor, run, state, limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)
    return render(
        request, "office/children.html", found=found, options=class_options(session, actor), asked_class=run,
        asked_status=state, statuses=STATUSES, page=page, pages=max(1, -(-found.total // ON_A_PAGE)),
    )  # fmt: skip


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
