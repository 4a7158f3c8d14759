"""An earlier week or a template copied onto a board."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import Boards, DbSession, Monday
from api.v1.accounts import PERSONAL
from api.v1.board_data import FallModel, fall_models
from registry.board.copying import copy_week, see_copy

router = APIRouter(prefix="/boards/{week}/copy", tags=["board"], responses=PERSONAL, dependencies=DESCRIBED)


class CopyModel(BaseModel):
    """What copying would do: the entries that come, and those that cannot with the reasons."""

    source: date
    template: str | None = Field(description="Its name; none where a week is copied.")
    version: int | None = Field(description="Of the earlier week; none where its board or a template is copied.")
    revision: int | None = Field(description="Of the board; none where there is no board yet.")
    entries: list[dict[str, Any]]
    left_out: list[FallModel]


class Copying(BaseModel):
    """The week or the template, and the revision that were looked at."""

    source: date | None = None
    template: int | None = Field(default=None, ge=1, le=2**31 - 1)
    revision: int | None = Field(default=None, ge=0, le=2**31 - 1)


class Copied(BaseModel):
    """The board now."""

    revision: int
    entries: int


@router.get("", summary="What copying an earlier week or a template would do")
def preview(
    session: DbSession, actor: SignedIn, week: Monday,
    source: Annotated[date | None, Query(description="Its Monday; by default last week's.")] = None,
    template: Annotated[int | None, Query(description="A template instead.", ge=1, le=2**31 - 1)] = None,
) -> CopyModel:  # fmt: skip
    """At the sites that one may change."""
    found = see_copy(session, actor, week, source, template=template)
    return CopyModel(
        source=found.source, template=found.template[1] if found.template else None, version=found.version,
        revision=found.revision, entries=list(found.entries), left_out=fall_models(found.left_out),
    )  # fmt: skip


@router.post("", summary="Copy an earlier week or a template onto the board")
def copy(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, given: Copying) -> Copied:
    """As one edit, which can be taken back."""
    made = copy_week(session, boards, actor, week, given.source, seen=given.revision, template=given.template)
    return Copied(revision=made.revision, entries=len(made.change_json["added"]))
