"""Making a week in the background: queue a solve, watch it, stop it, put what came out on the board."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import Boards, DbSession, Monday
from api.v1.accounts import PERSONAL
from api.v1.models import Model
from registry.accounts.permissions import Actor
from registry.making import queueing, weeks
from registry.making.boarding import put_on_board
from registry.making.live import live

router = APIRouter(prefix="/making", tags=["making"], responses=PERSONAL, dependencies=DESCRIBED)

DraftId = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[3])]


class MakingIn(BaseModel):
    """What to make of a week."""

    sites: list[Annotated[int, Field(ge=1, le=2**31 - 1)]] = Field(
        default=[], max_length=500, description="Sites whose classes are free; all others stay. Empty: the district."
    )
    seconds: float = Field(default=weeks.USUAL, ge=weeks.LEAST, le=weeks.MOST, description="Seconds of search.")


class LevelNowModel(Model):
    """A level of the cost: of the best roster so far, and what is proven that none can undercut, over the seconds."""

    name: str = Field(examples=["safety"])
    cost: int = Field(examples=[2])
    bound: int = Field(examples=[0])
    is_proven: bool
    costs: list[tuple[float, int]] = Field(examples=[[[0.4, 9], [3.1, 2]]])
    bounds: list[tuple[float, int]] = Field(examples=[[[0.4, 0], [5.0, 2]]])


class SolveModel(BaseModel):
    """A solve. `state` is queued, solving, stopping, done or failed; `ahead` are older tasks that have not ended."""

    draft: int = Field(examples=[3])
    week: date
    sites: list[str] = Field(description="Names; empty: the whole district.")
    by: str
    created_at: datetime
    state: str = Field(examples=["solving"])
    is_open: bool = Field(description="Whether it waits or is being solved.")
    ahead: int
    seconds: float = Field(description="Seconds of search so far.")
    of: float = Field(description="Seconds that it may take.")
    left: int
    phase: str = Field(description="A code of the solver's own.", examples=["fill"])
    attempts: int = Field(description="Processes that have begun it.", examples=[1])
    is_taken_over: bool = Field(description="Another process goes on where an earlier one died.")
    is_stuck: bool = Field(description="It is the next and nobody begins it: perhaps no worker runs.")
    failure: dict[str, Any] | None
    levels: list[LevelNowModel] = Field(description="None before there is a first roster. Of the sites alone.")
    elsewhere: dict[str, int] | None = Field(
        description="Of a solve of some sites: what all others cost, which stays and is no part of `levels`.",
        examples=[{"safety": 40, "programme": 12, "quality": 300}],
    )


class WeekToMake(BaseModel):
    """What may be made of a week, and what was made so far, the newest first."""

    week: date
    sites: dict[int, str] = Field(description="Sites with classes that one may make.")
    may_make_all: bool
    solves: list[SolveModel]


class OnBoard(BaseModel):
    """The board after it took a draft."""

    week: date
    revision: int
    added: int
    removed: int


@router.get("/{week}", summary="What may be made of a week")
def one_week(session: DbSession, actor: SignedIn, week: Monday) -> WeekToMake:
    """Sites, and the drafts so far."""
    found = weeks.choice(session, actor, week)
    solves = [_solve(one) for one in found.attempts]
    return WeekToMake(week=week, sites=dict(found.sites), may_make_all=found.may_make_all, solves=solves)


@router.post("/{week}", status_code=202, summary="Queue a solve")
def begin(session: DbSession, actor: SignedIn, week: Monday, given: MakingIn, response: Response) -> SolveModel:
    """202 where it is new, 200 where the same is queued or running already."""
    made, is_new = queueing.make_week(session, actor, week, given.sites, given.seconds)
    response.status_code = 202 if is_new else 200
    return _solve(made)


@router.get("/drafts/{draft}", summary="How far a solve is")
def progress(session: DbSession, actor: SignedIn, draft: DraftId) -> SolveModel:
    """Told anew once a second."""
    return _asked(session, actor, draft)


@router.post("/drafts/{draft}/stop", summary="Be done with the best so far")
def stop(session: DbSession, actor: SignedIn, draft: DraftId) -> SolveModel:
    """It is heard within seconds; a solve that nobody has begun ends at once, without a roster."""
    return _solve(queueing.stop(session, actor, draft))


@router.post("/drafts/{draft}/again", status_code=202, summary="The same once more")
def again(session: DbSession, actor: SignedIn, draft: DraftId) -> SolveModel:
    """On today's data."""
    made, _ = queueing.again(session, actor, draft)
    return _solve(made)


@router.post("/drafts/{draft}/board", summary="Put a draft on the board")
def to_board(session: DbSession, boards: Boards, actor: SignedIn, draft: DraftId) -> OnBoard:
    """As one change that can be undone. What is pinned, and days that are over, stay."""
    made = put_on_board(session, boards, actor, draft)
    return OnBoard(week=made.board.week, revision=made.board.revision, added=made.added, removed=made.removed)


def _asked(session: DbSession, actor: Actor, draft: int) -> SolveModel:
    return _solve(weeks.attempt(session, actor, draft))


def _solve(one: weeks.Attempt) -> SolveModel:
    now = live(one)
    return SolveModel(
        draft=one.draft.id or 0, week=one.draft.week, sites=list(one.sites), by=one.by,
        created_at=one.draft.created_at, state=now.state, is_open=one.is_open, ahead=one.ahead, seconds=now.seconds,
        of=now.of, left=now.left, phase=now.phase, attempts=one.task.attempts if one.task is not None else 0,
        is_taken_over=now.is_taken_over, is_stuck=now.is_stuck, failure=one.draft.failure_json,
        levels=[LevelNowModel.model_validate(level) for level in now.levels], elsewhere=now.elsewhere,
    )  # fmt: skip
