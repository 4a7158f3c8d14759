"""Queueing a solve of a week, stopping it, trying again: with the problem as it is now, and what stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any

from sqlmodel import Session, select

from registry import clock
from registry.accounts.permissions import ANYWHERE, Action, Actor, Subject, require
from registry.board.boards import EMPTY, board_of
from registry.board.edits import first_day
from registry.board.tables import RosterBoard
from registry.db import take_turns
from registry.duties.publish import version_in_force
from registry.engine.rosters import fitting
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.making.weeks import KIND, LEAST, MOST, USUAL, WORKERS, Attempt, attempt, key_of, numbers_of
from registry.rostering.build import check_monday, problem_for_week
from registry.rostering.drafts import draft, latest_done
from registry.rostering.tables import DraftStatus, RosterDraft
from registry.tasks import queue

Json = dict[str, Any]
NAMES = {"volunteer": "volunteers", "instructor": "volunteers", "class": "classes", "segment": "segments",
         "slot": "slots", "course": "courses"}  # fmt: skip
"""Which list of a problem holds what an entry names."""


def make_week(
    session: Session, actor: Actor, monday: date, sites: Iterable[int] = (), seconds: float = USUAL
) -> tuple[Attempt, bool]:
    """Queue a solve of a week: of these sites, or of the whole district where none is named. Where the same is queued
    or running already, that one is answered, and False.

    A solve of some sites leaves the entries of all others as they are: on the board, else in the version in force, else
    in the newest draft. What is pinned on the board stays in either case, and so do days that are over.

    Raises:
        NotAllowed. Refused: as `problem_for_week`. NotFound: `site_missing`. Invalid: at `seconds`.
    """
    chosen = frozenset(sites)
    require_each(actor, chosen)
    if not LEAST <= seconds <= MOST:
        raise Invalid(FieldProblem("seconds", "number_range", {"least": LEAST, "most": MOST}))
    check_monday(monday)
    scope = sorted(f"s{number}" for number in chosen) if chosen else None
    key = key_of(monday, scope)
    take_turns(session, f"make-{key}")
    if (running := queue.open_task(session, KIND, key)) is not None:
        return attempt(session, actor, int(running.payload_json["draft"])), False
    made = _queued(session, actor, monday, scope, seconds)
    queue.enqueue(session, KIND, key, {"draft": made.id}, actor.account_id)
    return attempt(session, actor, made.id or 0), True


def stop(session: Session, actor: Actor, draft_id: int) -> Attempt:
    """Be done with the best so far. A solve that nobody has begun is not begun any more: it has no best.

    Raises:
        NotAllowed. NotFound: `draft_unknown`. Conflict: `draft_ended`.
    """
    found = attempt(session, actor, draft_id)
    require_each(actor, numbers_of(found.draft))
    if not found.is_open or found.task is None:
        raise Conflict("draft_ended", draft=draft_id)
    if not queue.withdraw(session, found.task):
        queue.ask_stop(session, found.task)
        return found
    failed = draft(session, draft_id)
    failed.status, failed.finished_at = DraftStatus.FAILED, clock.now()
    failed.failure_json = {"code": "stopped_early", "facts": {}}
    session.add(failed)
    session.flush()
    return attempt(session, actor, draft_id)


def again(session: Session, actor: Actor, draft_id: int) -> tuple[Attempt, bool]:
    """Queue the same once more, on today's data; as `make_week`."""
    found = attempt(session, actor, draft_id).draft
    return make_week(session, actor, found.week, numbers_of(found), min(max(found.seconds, LEAST), MOST))


def require_each(actor: Actor, sites: frozenset[int]) -> None:
    """Make sure of each site by itself, or of the district: of several, one that is theirs is not enough here.

    Raises:
        NotAllowed.
    """
    for subject in [Subject(site_ids=frozenset({number})) for number in sorted(sites)] or [ANYWHERE]:
        require(actor, Action.MANAGE_ROSTER, subject)


def pins_that_fit(problem: Json, pins: Json) -> Json:
    """The pins that name nothing that the problem has no more."""
    known = {name: {row["id"] for row in problem[listed]} for name, listed in NAMES.items()}
    known["room"] = {room["id"] for site in problem["sites"] for room in site["rooms"]} | {None}
    return {
        kind: [pin for pin in rows if all(pin[name] in ids for name, ids in known.items() if name in pin)]
        for kind, rows in pins.items()
    }


def _queued(session: Session, actor: Actor, monday: date, scope: list[str] | None, seconds: float) -> RosterDraft:
    problem, board = problem_for_week(session, monday), board_of(session, monday)
    if unknown := set(scope or ()) - {c["site"] for c in problem["classes"]}:
        raise NotFound("site_missing", site=sorted(unknown)[0])
    if board is not None:
        problem["pins"] = pins_that_fit(problem, board.problem_json["pins"])
        problem["heat_days"] = board.problem_json["heat_days"]
    over = _segments_over(problem, monday, first_day(session))
    standing = fitting(problem, _standing(session, monday, board)) if over or scope is not None else None
    if standing is not None:
        _freeze(problem, standing, over)
    earlier = select(RosterDraft.id).where(RosterDraft.week == monday)
    made = RosterDraft(
        week=monday, seed=len(session.exec(earlier).all()) + 1, workers=WORKERS, seconds=seconds,
        version=version("qingzai"), problem_json=problem, scope_json=scope,
        start_json=None if scope is None else standing, made_by=actor.account_id, created_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _standing(session: Session, monday: date, board: RosterBoard | None) -> Json:
    """What the week has so far."""
    if board is not None:
        return board.roster_json
    if (force := version_in_force(session, monday)) is not None:
        return force.roster_json
    newest = latest_done(session, monday)
    return newest.roster_json if newest is not None and newest.roster_json is not None else EMPTY


def _segments_over(problem: Json, monday: date, first: date) -> set[str]:
    return {s["id"] for s in problem["segments"] if monday + timedelta(days=s["weekday"] - 1) < first}


def _freeze(problem: Json, standing: Json, over: set[str]) -> None:
    """What stands on days that are over is pinned, and nobody else has time then."""
    segment_of = {slot["id"]: slot["segment"] for slot in problem["slots"]}
    duties = [d for d in standing["duties"] if d["segment"] in over]
    lessons = [x for x in standing["lessons"] if segment_of[x["slot"]] in over]
    busy = {(d["volunteer"], d["segment"]) for d in duties}
    busy |= {(x["instructor"], segment_of[x["slot"]]) for x in lessons}
    for volunteer in problem["volunteers"]:
        volunteer["available"] = [
            s for s in volunteer["available"] if s not in over or (volunteer["id"], s) in busy
        ]  # fmt: skip
    for kind, entries in (("duties", duties), ("lessons", lessons)):
        known = [{**pin, "waives": None} for pin in problem["pins"][kind]]
        problem["pins"][kind] += [{**e, "waives": []} for e in entries if {**e, "waives": None} not in known]
