"""Data that changed underneath a board."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession, Monday, Speech
from api.speak import changed
from api.speak.language import Language
from api.v1.accounts import PERSONAL
from registry.board.notices import Falls, see_notice, settle
from registry.rostering.changed import Change

router = APIRouter(prefix="/boards/{week}/data", tags=["board"], responses=PERSONAL, dependencies=DESCRIBED)


class ChangeModel(BaseModel):
    """A difference between the data of a board and those of today."""

    kind: str = Field(examples=["volunteer"])
    id: str = Field(examples=["v7"])
    what: str = Field(examples=["times"])
    said: str


class FallModel(BaseModel):
    """An entry that would go, and the rules it would break."""

    name: str
    kind: str
    day: date
    starts: str
    ends: str
    site: str
    class_run: str
    what: str
    rules: list[str]


class NoticeModel(BaseModel):
    """What changed. `falls` goes when the new data are taken, `affected` when all that they are about is opened."""

    revision: int
    digest: str
    is_kept: bool
    refused: str
    may_settle: bool = Field(description="Whether the reader may decide: nothing at a site of others falls away.")
    changes: list[ChangeModel]
    falls: list[FallModel]
    affected: list[FallModel]


class Decision(BaseModel):
    """What to do: `take` keeps every entry that fits the new data, `open` takes out all that is about what changed,
    `keep` leaves the board as it is. Digest and revision are those that were looked at."""

    way: str = Field(max_length=20, examples=["take"])
    digest: str = Field(max_length=64)
    revision: int = Field(ge=0, le=2**31 - 1)


@router.get("", summary="What changed underneath the board")
def notice(session: DbSession, actor: SignedIn, week: Monday, language: Speech) -> NoticeModel:
    """Compared with the tables as they are now."""
    found = see_notice(session, actor, week)
    return NoticeModel(
        revision=found.revision, digest=found.digest, is_kept=found.is_kept, refused=found.refused,
        changes=change_models(found.changes, language), falls=fall_models(found.falls),
        affected=fall_models(found.affected), may_settle=found.may_settle,
    )  # fmt: skip


@router.post("", summary="Take over changed data, or not")
def decide(session: DbSession, actor: SignedIn, week: Monday, language: Speech, given: Decision) -> NoticeModel:
    """Nothing happens where the board or the data have changed since they were looked at."""
    settle(session, actor, week, given.way, digest=given.digest, seen=given.revision)
    return notice(session, actor, week, language)


def change_models(found: tuple[Change, ...], language: Language) -> list[ChangeModel]:
    """Differences with their sentences."""
    return [
        ChangeModel(
            kind=c.kind, id=c.id, what=c.what, said=f"{changed.title(c, language)}: {changed.sentence(c, language)}"
        )
        for c in found
    ]  # fmt: skip


def fall_models(found: tuple[Falls, ...]) -> list[FallModel]:
    """Entries that go or do not come."""
    return [
        FallModel(
            name=f.name, kind=f.told.kind, day=f.told.day, starts=f.told.starts, ends=f.told.ends, site=f.told.site,
            class_run=f.told.class_run, what=f.told.what, rules=list(f.rules),
        )
        for f in found
    ]  # fmt: skip
