"""The board of a week: its grid, what a change would do, changes and their undoing, who can fill a place."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import Boards, DbSession, Monday, Speech
from api.speak import board_tales
from api.speak.answers import told
from api.v1.accounts import PERSONAL
from registry.board import desk
from registry.board.edits import edit, undo
from registry.board.fill import levels
from registry.board.fixes import Fix, see_fixes
from registry.board.steps import Wanted
from registry.board.tables import BoardEdit
from registry.engine.boards import write_entry

router = APIRouter(prefix="/boards/{week}", tags=["board"], responses=PERSONAL, dependencies=DESCRIBED)

Id = Annotated[str, Path(max_length=100)]
Entry = dict[str, str | None]


class EditIn(BaseModel):
    """A change: entries are as in the roster file; `to` are the fields of the entry that a move changes."""

    kind: str = Field(max_length=20, examples=["move"])
    entry: Entry = Field(
        default={}, examples=[{"volunteer": "v7", "class": "c1", "segment": "1-am", "role": "assistant"}]
    )
    to: Entry = Field(default={}, examples=[{"segment": "1-pm"}])
    other: Entry | None = Field(default=None, description="Of a swap: the other entry.")
    gone: list[Entry] = Field(default=[], max_length=60, description="Of a fix: the entries that go.")
    come: list[Entry] = Field(default=[], max_length=60, description="Of a fix: the entries that come.")
    revision: int = Field(ge=0, le=2**31 - 1, description="The revision of the board that its author saw.")
    reason: str = Field(default="", max_length=500, description="Why a rule is to be waived.")
    let_stand: bool = Field(default=False, description="What breaks a rule is done and stands as a conflict.")


class EffectModel(BaseModel):
    """What a change does or would do: the rules it breaks, the rise of each rule's cost and of the three levels."""

    revision: int
    rules: list[str]
    needs_reason: bool
    is_refused: bool
    outcome: str = Field(description="`works`, `reason`, `conflict` or `never`.")
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
        edits=[e.edit.model_dump(exclude={"id", "board_id"}) for e in view.edits[:12]],
    )  # fmt: skip


@router.get("/sites/{site}", summary="The grid of a site")
def site(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, site: Id) -> list[dict[str, Any]]:
    """Its classes by segment: who is there, what is on, what is missing, which rules are broken."""
    view = desk.see_board(session, boards, actor, week)
    return [asdict(line) for line in desk.see_site(view, site)]


@router.get("/sites/{site}/by/{by}", summary="The grid of a site, arranged")
def arranged(
    session: DbSession, boards: Boards, actor: SignedIn, week: Monday, site: Id, by: Id,
    day: Annotated[int, Query(ge=0, le=7, description="A weekday alone; 0 for the week.")] = 0,
) -> dict[str, Any]:  # fmt: skip
    """By class, volunteer, course or room: groups of rows, a box for each weekday, with the zones of `targets`."""
    return asdict(desk.see_sheet(desk.see_board(session, boards, actor, week), site, by, day))


@router.get("/sites/{site}/tray", summary="The unused near a site")
def tray(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, site: Id) -> list[dict[str, Any]]:
    """Cleared, within reach, with time when a class is there, and without any entry; the nearest first."""
    return [asdict(spare) for spare in desk.see_tray(desk.see_board(session, boards, actor, week), site)]


@router.post("/sites/{site}/targets", summary="Where something could go")
def targets(
    session: DbSession, boards: Boards, actor: SignedIn, week: Monday, site: Id, entry: Entry, language: Speech,
    by: Annotated[str, Query(max_length=20)] = "class",
) -> list[dict[str, Any]]:  # fmt: skip
    """For each zone of a site's grid the change that leads there and what would come of it: `works`, `reason` (a
    written one is needed), `conflict`, `never`, `taken`. The entry is a duty, a lesson, or `{"volunteer": …}`."""
    view = desk.see_board(session, boards, actor, week)
    return [
        {
            "zone": p.zone, "kind": p.wanted.kind, "entry": p.wanted.entry, "to": p.wanted.to, "other": p.wanted.other,
            "outcome": p.outcome, "rules": list(p.rules), "cost": p.cost,
            "said": board_tales.verdict(p.outcome, p.rules, language), "effect": board_tales.rises(p.cost, language),
        }
        for p in desk.see_places(view, site, dict(entry), by)
    ]  # fmt: skip


@router.get("/classes/{class_run}/segments/{segment}/people", summary="Who can fill a place")
def people(
    session: DbSession, boards: Boards, actor: SignedIn, week: Monday, class_run: Id, segment: Id,
    most: Annotated[int, Query(ge=1, le=2000)] = 100,
) -> list[dict[str, Any]]:  # fmt: skip
    """The free, the cheapest first, then the others with the rules that exclude each. A segment, or a slot: then
    each with the course that suits best."""
    view = desk.see_board(session, boards, actor, week)
    return [asdict(person) for person in desk.see_people(view, class_run, segment)[:most]]


@router.get("/classes/{class_run}/segments/{segment}/fix", summary="The cheapest fix of a place")
def fix(
    session: DbSession, boards: Boards, actor: SignedIn, week: Monday, class_run: Id, segment: Id, language: Speech
) -> dict[str, Any]:
    """What is missing there, how many volunteers each rule excludes, and changes that were checked to fill it, the
    cheapest first, in sentences. `fixes` says of each change what would come of it on the board (`works`, `reason`,
    `data`, `elsewhere`, `over`) and holds what `edits` and `trial/changes` take, without the revision."""
    view = desk.see_board(session, boards, actor, week)
    names = board_tales.names_for(view.position.problem, view.names, language)
    found = see_fixes(view, class_run, segment)
    said = asdict(told(found.answer, names))
    for want, ways in zip(said["wants"], found.fixes, strict=True):
        want["fixes"] = [_fix(way) for way in ways]
    return said


@router.get("/conflicts", summary="Broken rules")
def conflicts(
    session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech
) -> list[dict[str, Any]]:
    """Those that stand as conflicts, then those that are overridden, at sites that may be changed."""
    view = desk.see_board(session, boards, actor, week)
    names = board_tales.names_for(view.position.problem, view.names, language)
    return [
        {
            "rule": found.violation.rule, "entries": [write_entry(e) for e in found.entries],
            "is_overridden": found.is_overridden, "can_override": found.can_override,
            "said": board_tales.clash(found.violation, names),
        }
        for found in view.clashes()
    ]  # fmt: skip


@router.get("/history", summary="Who changed what")
def history(
    session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech
) -> list[dict[str, Any]]:
    """The newest edits first: who, when, what, by how much each rule's cost rose, the reason of an override."""
    view = desk.see_board(session, boards, actor, week)
    names = board_tales.names_for(view.position.problem, view.names, language)
    return [
        {
            **done.edit.model_dump(exclude={"id", "board_id"}), "author": done.author, "is_undone": done.is_undone,
            "said": board_tales.edit(done.edit, names),
        }
        for done in view.edits
    ]  # fmt: skip


@router.post("/effect", summary="What a change would do")
def effect(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, change: EditIn) -> EffectModel:
    """Nothing is stored."""
    view = desk.see_board(session, boards, actor, week)
    judged = desk.see_effect(view, wanted_in(change))
    return _effect(view.board.revision, judged.verdict.cost, list(judged.rules), judged.outcome)


@router.post("/edits", summary="Change the board")
def change(session: DbSession, boards: Boards, actor: SignedIn, week: Monday, change: EditIn) -> EffectModel:
    """Move, swap, exchange, add, remove, pin, unpin, override or fix, on the board itself even in a what-if.
    What breaks a rule that may be waived needs a reason; other conflicts may stand with `let_stand`."""
    made = edit(
        session, boards, actor, week, wanted_in(change), seen=change.revision, reason=change.reason,
        let_stand=change.let_stand,
    )  # fmt: skip
    return made_effect(made)


@router.post("/undo", summary="Take back one's own newest change")
def take_back(session: DbSession, boards: Boards, actor: SignedIn, week: Monday) -> EffectModel:
    """Refused where somebody has built on it since."""
    return made_effect(undo(session, boards, actor, week))


def _fix(way: Fix) -> dict[str, Any]:
    done = way.wanted
    change = {"kind": done.kind, "gone": list(done.gone), "come": list(done.come)} if done else None
    return {"outcome": way.outcome, "rules": list(way.rules), "change": change}


def wanted_in(change: EditIn) -> Wanted:
    """The change that is asked for."""
    gone, come = (tuple(dict(row) for row in rows) for rows in (change.gone, change.come))
    other = dict(change.other) if change.other else None
    return Wanted(change.kind, dict(change.entry), dict(change.to), other, gone, come)


def made_effect(made: BoardEdit) -> EffectModel:
    """What an edit did."""
    return _effect(made.revision, made.cost_json, made.waived.split(), "reason" if made.waived else "works")


def _effect(revision: int, cost: Any, rules: list[str], outcome: str) -> EffectModel:
    safety, programme, quality = levels(cost)
    return EffectModel(
        revision=revision, rules=rules, needs_reason=outcome == "reason", is_refused=outcome == "never",
        outcome=outcome, cost=dict(cost), safety=safety, programme=programme, quality=quality,
    )  # fmt: skip
