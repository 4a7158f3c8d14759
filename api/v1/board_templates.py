"""Templates of a week."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession, Monday
from api.v1.accounts import PERSONAL
from registry.board.templates import keep_week, remove_template, see_templates

router = APIRouter(tags=["board"], responses=PERSONAL, dependencies=DESCRIBED)


class TemplateModel(BaseModel):
    """A template with its entries at one's own sites. `kind` is board or published: what of the week was kept."""

    id: int
    name: str
    week: date
    kind: str
    sites: list[str]
    duties: int
    lessons: int
    author: str
    made_at: datetime
    may_remove: bool


class Keeping(BaseModel):
    """A name, what of the week is kept (board or published), and of which sites: of all own ones if none is named."""

    name: str = Field(max_length=200, examples=["常规周"])
    kind: str = Field(default="board", max_length=20)
    sites: list[Annotated[str, Field(max_length=20, examples=["s3"])]] = Field(default=[], max_length=500)


class Made(BaseModel):
    """A new template."""

    id: int


@router.get("/week-templates", summary="Weeks kept as templates")
def templates(session: DbSession, actor: SignedIn) -> list[TemplateModel]:
    """Those with entries at sites that one may change. To begin a week from one, copy it onto the week's board."""
    return [
        TemplateModel.model_validate(kept, from_attributes=True) for kept in see_templates(session, actor)
    ]  # fmt: skip


@router.delete("/week-templates/{id}", summary="Remove a template", status_code=204)
def remove(session: DbSession, actor: SignedIn, id: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> None:
    """Weeks begun from it stay as they are."""
    remove_template(session, actor, id)


@router.post("/boards/{week}/templates", summary="Keep a week as a template", status_code=201)
def keep(session: DbSession, actor: SignedIn, week: Monday, given: Keeping) -> Made:
    """Its board, or what is published of it."""
    made = keep_week(session, actor, week, given.name, kind=given.kind, sites=given.sites)
    return Made(id=made.id or 0)
