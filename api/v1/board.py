"""The board of a week: its grid, what a change would do, changes and their undoing, who can fill a place."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import Boards, DbSession, Monday, Speech
from api.speak.boards import rule_word
from api.v1.accounts import PERSONAL
from registry.board import desk
from registry.board.edits import edit, undo
from registry.board.fill import levels
from registry.board.steps import Wanted
from registry.board.tables import BoardEdit

router = APIRouter(prefix="/boards/{week}", tags=["board"], responses=PERSONAL, dependencies=DESCRIBED)

Id = Annotated[str, Path(max_length=100)]
Entry = dict[str, str | None]


class EditIn(BaseModel):
    """A change: entries are as in the roster file; `to` are the fields of the entry that a move changes."""

    kind: str = Field(max_length=20, examples=["move"])
    entry: Entry = Field(examples=[{"volunteer": "v7", "class": "c1", "segment": "1-am", "role": "assistant"}])
    to: Entry = Field(default={}, examples=[{"segment": "1-pm"}])
    other: Entry | None = Field(default=None, description="Of a swap: the other entry.")
    revision: int = Field(ge=0, le=2**31 - 1, description="The revision of the board that its author saw.")
    reason: str = Field(default="", max_length=500, description="Why a rule is to be waived.")


class EffectModel(BaseModel):
    """What a change does or would do: the rules it breaks, the rise of each rule's cost and of the three levels."""

    revision: int
    rules: list[str]
    needs_reason: bool
    is_refused: bool
    cost: dict[str, int]
    safety: int
    programme: int
    quality: int


class BoardModel(BaseModel):
    """A board: its revision, cost by rule, the sites that may be changed, the newest edits, how many break rules."""

    revision: int
    cost: dict[str, int]
    violations: int
    overridden: int
    sites: list[dict[str, Any]]
    edits: list[dict[str, Any]]


@router.post("", summary="Open the board")
def begin(session: DbSession, boards: Boards, actor: SignedIn, week: Monday) -> BoardModel:
    """From the version in force, else the newest draft, else empty. What is open already stays."""
    desk.begin_board(session, actor, week)
    return board(session, boards, actor, week)


@router.get("", summary="The board")
def board(session: DbSession, boards: Boards, actor: SignedIn, week: Monday) -> BoardModel:
    """Its state, and what was done last."""
    view = desk.see_board(session, boards, actor, week)
    report = view.position.report
    return BoardModel(
        revision=view.board.revision, cost=dict(view.position.parts), violations=len(report.violations),
        overridden=len(report.overridden), sites=[asdict(row) for row in view.sites],
        edits=[e.model_dump(exclude={"id", "board_id"}) for e in view.edits],
    )  # fmt: skip


@router.get("/sites/{site}", summary="The grid of a site")
def site(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, site: Id) -> list[dict[str, Any]]:
    """Its classes by segment: who is there, what is on, what is missing, which rules are broken."""
    view = desk.see_board(session, boards, actor, week)
    return [asdict(line) for line in desk.see_site(view, actor, site)]


@router.post("/sites/{site}/targets", summary="Where a duty could go")
def targets(
    session: DbSession, boards: Boards, actor: SignedIn, week: Monday, site: Id, entry: Entry, language: Speech
) -> list[dict[str, Any]]:
    """For each cell of a site the rules that the duty would break there; none where it would work."""
    view = desk.see_board(session, boards, actor, week)
    found = desk.see_targets(view, actor, site, entry)
    return [
        {"class": c, "segment": s, "rules": list(rules), "said": [rule_word(rule, language) for rule in rules]}
        for (c, s), rules in found.items()
    ]


@router.get("/classes/{class_run}/segments/{segment}/people", summary="Who can fill a place")
def people(
    session: DbSession, boards: Boards, actor: SignedIn, week: Monday, class_run: Id, segment: Id,
    most: Annotated[int, Query(ge=1, le=2000)] = 100,
) -> list[dict[str, Any]]:  # fmt: skip
    """The free, the cheapest first, then the others with the rules that exclude each."""
    view = desk.see_board(session, boards, actor, week)
    return [asdict(person) for person in desk.see_people(view, actor, class_run, segment)[:most]]


@router.post("/effect", summary="What a change would do")
def effect(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, change: EditIn) -> EffectModel:
    """Nothing is stored."""
    view = desk.see_board(session, boards, actor, week)
    judged = desk.see_effect(view, actor, _wanted(change))
    return _effect(view.board.revision, judged.verdict.cost, list(judged.rules), judged.needs_reason, judged.is_refused)


@router.post("/edits", summary="Change the board")
def change(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, change: EditIn) -> EffectModel:
    """Move, swap, add, remove, pin or unpin. What breaks a rule that may be waived needs a reason."""
    made = edit(session, boards, actor, week, _wanted(change), seen=change.revision, reason=change.reason)
    return _made(made)


@router.post("/undo", summary="Take back one's own newest change")
def take_back(session: DbSession, boards: Boards, actor: SignedIn, week: Monday) -> EffectModel:
    """Refused where somebody has built on it since."""
    return _made(undo(session, boards, actor, week))


def _wanted(change: EditIn) -> Wanted:
    return Wanted(change.kind, dict(change.entry), dict(change.to), dict(change.other) if change.other else None)


def _made(made: BoardEdit) -> EffectModel:
    return _effect(made.revision, made.cost_json, made.waived.split(), bool(made.waived), False)


def _effect(revision: int, cost: Any, rules: list[str], needs_reason: bool, is_refused: bool) -> EffectModel:
    safety, programme, quality = levels(cost)
    return EffectModel(
        revision=revision, rules=rules, needs_reason=needs_reason, is_refused=is_refused, cost=dict(cost),
        safety=safety, programme=programme, quality=quality,
    )  # fmt: skip
