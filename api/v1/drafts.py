"""Drafts: the files of a finished one, in the formats that other programs read and write. For staff only."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path

from api.access import DESCRIBED
from api.deps import DbSession, Store
from api.shown import need_sight
from api.v1 import models
from api.v1.accounts import PERSONAL
from registry.rostering.week_store import StoredWeek

router = APIRouter(
    prefix="/drafts", tags=["drafts"], responses=PERSONAL, dependencies=[*DESCRIBED, Depends(need_sight)]
)

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of the draft.", examples=[3])]


def _draft(session: DbSession, store: Store, draft: Number) -> StoredWeek:
    return store.draft(session, draft)


@router.get("/{draft}", summary="A finished draft")
def one_draft(session: DbSession, store: Store, draft: Number) -> models.DraftModel:
    """Which week it is of, and how it was made."""
    return models.DraftModel.model_validate(_draft(session, store, draft).draft)


@router.get("/{draft}/problem", summary="Its problem file", response_model=models.ContractFile)
def problem_file(session: DbSession, store: Store, draft: Number) -> dict[str, Any]:
    """The problem as it was solved (qingzai.roster-problem/1), with the names of the volunteers masked."""
    return _draft(session, store, draft).problem_json


@router.get("/{draft}/roster", summary="Its roster file", response_model=models.ContractFile)
def roster_file(session: DbSession, store: Store, draft: Number) -> dict[str, Any]:
    """The roster with its result (qingzai.roster/1)."""
    return _draft(session, store, draft).roster_json
