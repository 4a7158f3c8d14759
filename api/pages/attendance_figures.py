"""How often the children of a class were there, who comes too rarely, and their certificates of participation."""

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
from api.pages.reading import number
from api.pages.render import render
from registry.accounts.permissions import Actor
from registry.attendance.floor import classes_noted, flagged, flagged_terms, term_shown
from registry.certificates.participation import class_standings, issue_participation
from registry.errors import Invalid
from registry.families.classes import class_run_of

router = APIRouter(prefix="/attendance", include_in_schema=False)
MOST_CHILDREN = 100


@router.get("/floor")
def below_the_floor(
    request: Request, session: DbSession, actor: SignedIn, term: Annotated[str, Query(max_length=9)] = ""
) -> Response:  # fmt: skip
    """The children who come too rarely, of the newest term unless another is asked for."""
    begun = flagged_terms(session)
    chosen = term_shown(session, actor, number(term))
    its = chosen.id if chosen and chosen.id else 0
    return render(
        request, "attendance/floor.html", terms=begun, term=chosen, lines=flagged(session, actor, its),
        classes=classes_noted(session, actor, its),
    )  # fmt: skip


@router.get("/classes/{class_run_id}/figures")
def figures(request: Request, session: DbSession, actor: SignedIn, class_run_id: RowId) -> Response:
    """A line a child; those below the floor first."""
    return _page(request, session, actor, class_run_id)


@router.get("/classes/{class_run_id}/figures.{kind}")
def figures_as_file(
    session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, kind: TableKind
) -> Response:  # fmt: skip
    """The same as a spreadsheet."""
    from api.prints.certificates import figures_list

    lines = class_standings(session, actor, class_run_id)
    return download(figures_list(lines, kind, language), kind, f"attendance-{class_run_id}.{kind}")


async def read_children(request: Request) -> list[int]:
    """The children that were ticked."""
    sent = await request.form(max_files=0, max_fields=MOST_CHILDREN, max_part_size=100)
    return [found for one in sent.getlist("child") if isinstance(one, str) and (found := number(one)) is not None]


Ticked = Annotated[list[int], Depends(read_children)]


@router.post("/classes/{class_run_id}/certificates")
def issue(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, child_ids: Ticked
) -> Response:  # fmt: skip
    """Certify for the children that were ticked."""
    try:
        done = issue_participation(session, actor, class_run_id, child_ids)
    except Invalid as error:
        return _page(request, session, actor, class_run_id, form=refused({}, error, language), status=422)
    return _page(request, session, actor, class_run_id, made=len(done.made), left_out=done.left_out)


@router.get("/classes/{class_run_id}/certificates.pdf")
def certificates_pdf(
    request: Request, session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId
) -> Response:  # fmt: skip
    """Every certificate of the class that is in force."""
    lines = class_standings(session, actor, class_run_id)
    found = [line.certificate for line in lines if line.certificate is not None]
    return pdf_of(request, session, found, language, f"class-{class_run_id}")


def _page(
    request: Request, session: Session, actor: Actor, class_run_id: int, *, form: Form | None = None,
    made: int | None = None, left_out: Mapping[str, int] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    lines = class_standings(session, actor, class_run_id)
    run = class_run_of(session, class_run_id)
    facts: dict[str, Any] = {"made": made, "left_out": left_out or {}, "form": form or Form()}
    return render(request, "attendance/figures.html", status=status, run=run, lines=lines, **facts)
