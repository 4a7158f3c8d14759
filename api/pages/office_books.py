"""Making many books at once: ask for it, see how far it is, stop it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import SignedIn
from api.deps import DbSession
from api.pages.family_parts import RowId
from api.pages.reading import FormText, go, number
from api.pages.render import render
from registry.accounts.permissions import ANYWHERE, Action, may, require
from registry.books.batches import ask_batch, batch_progress, batches, book_sites, cancel_batch

router = APIRouter(prefix="/office/books", include_in_schema=False)


@router.get("")
def listed(request: Request, session: DbSession, actor: SignedIn) -> HTMLResponse:
    """The last batches, and the form to ask for one. While one is being made the page looks again by itself."""
    found = batches(session, actor)
    newest = batch_progress(session, actor, found[0].batch.id or 0) if found else None
    return render(
        request, "books/batches.html", found=found, newest=newest, sites=book_sites(session, actor),
        may_all=may(actor, Action.RUN_BOOKS, ANYWHERE),
    )  # fmt: skip


@router.post("")
def ask(session: DbSession, actor: SignedIn, site_id: FormText = "") -> RedirectResponse:
    """Have all books of a site made, or of the district."""
    require(actor, Action.RUN_BOOKS)
    ask_batch(session, actor, number(site_id) if site_id else None)
    return go("/office/books")


@router.post("/{batch_id}/cancel")
def cancel(session: DbSession, actor: SignedIn, batch_id: RowId) -> RedirectResponse:
    """Stop it."""
    cancel_batch(session, actor, batch_id)
    return go("/office/books")
