"""What-if over the interface: changes stacked on a board, what they do together, all applied or dropped."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import Boards, DbSession, Monday
from api.v1.accounts import PERSONAL
from api.v1.board import EditIn, EffectModel, made_effect, wanted_in
from registry.board import desk, trials
from registry.board.fill import levels
from registry.board.trials import Tried
from registry.errors import NotFound

router = APIRouter(prefix="/boards/{week}/trial", tags=["board"], responses=PERSONAL, dependencies=DESCRIBED)


class TrialModel(BaseModel):
    """A what-if: what each change does and all together. `stuck` says why the next one does not fit any more."""

    changes: list[dict[str, Any]]
    cost: dict[str, int]
    safety: int
    programme: int
    quality: int
    stuck: dict[str, Any] | None


class ApplyIn(BaseModel):
    """Applying: the revision of the board that was looked at."""

    revision: int = Field(ge=0, le=2**31 - 1)


@router.get("", summary="One's what-if")
def trial(session: DbSession, boards: Boards, actor: SignedIn, week: Monday) -> TrialModel:
    """The board's other answers are as it would be while one has a what-if."""
    view = desk.see_board(session, boards, actor, week)
    if view.trial is None:
        raise NotFound("trial_unknown", week=week.isoformat())
    return _told(view.trial)


@router.post("", summary="Begin a what-if")
def begin(session: DbSession, boards: Boards, actor: SignedIn, week: Monday) -> TrialModel:
    """One that was begun goes on."""
    trials.begin_trial(session, actor, week)
    return trial(session, boards, actor, week)


@router.post("/changes", summary="Stack a change")
def stack(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, change: EditIn) -> TrialModel:
    """On top of those before it; judged like an edit. The board stays as it is."""
    return _told(trials.stack(
        session, boards, actor, week, wanted_in(change), reason=change.reason, let_stand=change.let_stand
    ))  # fmt: skip


@router.post("/undo", summary="Take the last change off")
def unstack(session: DbSession, boards: Boards, actor: SignedIn, week: Monday) -> TrialModel:
    """What was stacked before it stays."""
    return _told(trials.unstack(session, boards, actor, week))


@router.post("/apply", summary="Apply a what-if")
def apply(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, seen: ApplyIn) -> list[EffectModel]:
    """All its changes become edits of the board, or none."""
    return [made_effect(made) for made in trials.apply_trial(session, boards, actor, week, seen=seen.revision)]


@router.post("/drop", summary="Drop a what-if", status_code=204)
def drop(session: DbSession, actor: SignedIn, week: Monday) -> None:
    """The board is as it was."""
    trials.drop_trial(session, actor, week)


def _told(tried: Tried) -> TrialModel:
    safety, programme, quality = levels(tried.cost)
    changes = [
        {"outcome": judged.outcome, "rules": list(judged.rules), "cost": dict(judged.verdict.cost)}
        for judged in tried.changes
    ]
    stuck = {"code": tried.stuck.code, "facts": dict(tried.stuck.facts)} if tried.stuck else None
    return TrialModel(
        changes=changes, cost=tried.cost, safety=safety, programme=programme, quality=quality, stuck=stuck
    )
