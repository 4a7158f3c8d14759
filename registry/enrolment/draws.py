"""Running a draw: freeze the list, learn the seed, solve, and what is recorded of it. Publishing is in `publish.py`.

The order is what makes it honest: the list is frozen and its hash published after the round has closed and before
anybody can know the seed; the seed is the announced event's value, or the secret whose hash was published; what comes
out is checked as if a stranger had sent it. No session is open while the solver runs.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, col, func, select, update

from registry import clock
from registry.accounts.permissions import ANYWHERE, Action, Actor, require
from registry.db import Sessions
from registry.engine.placements import News, draw, freeze_list, seed_of
from registry.enrolment.frozen import IN_THE_DRAW, problem_of_round
from registry.enrolment.rounds import find_round
from registry.enrolment.tables import (
    Application,
    ApplicationStatus,
    Draw,
    EnrolmentRound,
    Mode,
    RoundClass,
)
from registry.errors import Conflict, NotFound, Refused, SolveFailed
from registry.programme import Season
from registry.tasks import queue

FROZEN, QUEUED, SOLVING, DONE, FAILED, PUBLISHED = "frozen", "queued", "solving", "done", "failed", "published"
TASK = "draw"
OnEnd = Callable[[Session, dict[str, Any] | None], None]
SEED_OF_SEASON = "the seed of the season's first draw"


@dataclass(frozen=True)
class Outlook:
    """What a draw of this round would begin with, and what stands against it.

    `unsent` are drafts that will not take part; `unverified` are claims that count as none. `obstacles` are codes.
    """

    applications: int
    unsent: int
    unverified: int
    verified: int
    classes: int
    places: int
    obstacles: tuple[str, ...]


def draw_by_id(session: Session, draw_id: int) -> Draw:
    """A draw by its number.

    Raises:
        NotFound: `draw_unknown`.
    """
    found = session.get(Draw, draw_id)
    if found is None:
        raise NotFound("draw_unknown", draw=draw_id)
    return found


def draw_of_round(session: Session, round_id: int) -> Draw | None:
    """The newest draw of a round, None before its list was frozen."""
    return session.exec(select(Draw).where(Draw.round_id == round_id).order_by(col(Draw.id).desc()).limit(1)).first()


def outlook(session: Session, actor: Actor, round_id: int) -> Outlook:
    """What a draw would begin with, told before it is run."""
    require(actor, Action.RUN_DRAW, ANYWHERE)
    round_ = find_round(session, round_id)
    rows = session.exec(select(Application.status, Application.group_status).where(Application.round_id == round_id))
    found = Counter(rows)
    inside = {key: n for key, n in found.items() if key[0] in IN_THE_DRAW}
    classes, places = session.exec(
        select(func.count(), func.coalesce(func.sum(RoundClass.places), 0)).where(RoundClass.round_id == round_id)
    ).one()
    return Outlook(
        applications=sum(inside.values()),
        unsent=sum(n for (status, _), n in found.items() if status == ApplicationStatus.DRAFT),
        unverified=sum(n for (_, group), n in inside.items() if group == "claimed"),
        verified=sum(n for (_, group), n in inside.items() if group == "verified"),
        classes=classes,
        places=places,
        obstacles=tuple(_obstacles(session, round_, sum(inside.values()), classes)),
    )


def _obstacles(session: Session, round_: EnrolmentRound, applications: int, classes: int) -> list[str]:
    found = []
    if round_.mode != Mode.LOTTERY:
        found.append("round_without_draw")
    if round_.cancelled_at is not None:
        found.append("round_cancelled")
    if clock.now() < round_.closes_at:
        found.append("round_still_open")
    if round_.published_at is not None:
        found.append("draw_published")
    if not applications:
        found.append("no_applications")
    if not classes:
        found.append("no_classes")
    if round_.seed_secret is None and not round_.seed_event and not _season_seed(session, round_):
        found.append("no_seed_source")
    return found


def freeze_round(session: Session, actor: Actor, round_id: int) -> Draw:
    """Freeze the applications of a round that has closed. Its hash is what has to be published before the seed.

    Raises:
        NotAllowed, NotFound; Refused: the first of what stands against it; Conflict: `round_frozen`.
    """
    require(actor, Action.RUN_DRAW, ANYWHERE)
    round_ = find_round(session, round_id)
    if round_.frozen_at is not None:
        raise Conflict("round_frozen", round=round_id, hash=round_.frozen_hash)
    obstacles = outlook(session, actor, round_id).obstacles
    if obstacles:
        raise Refused(obstacles[0], round=round_id)
    commitment = _freeze(session, round_)
    frozen = Draw(
        round_id=round_id, status=FROZEN, seed="", seed_source=_source_text(session, round_),
        problem_json=commitment, created_at=clock.now(),
    )  # fmt: skip
    round_.frozen_at, round_.frozen_hash = clock.now(), commitment["commitment"]
    session.add(frozen)
    session.add(round_)
    session.flush()
    return frozen


def _freeze(session: Session, round_: EnrolmentRound) -> dict[str, Any]:
    problem = problem_of_round(session, round_)
    if _season_seed(session, round_):
        return freeze_list(problem, event_text=f"{SEED_OF_SEASON} {round_.season}")
    if round_.seed_secret is not None:
        return freeze_list(problem, secret_text=round_.seed_secret)
    return freeze_list(problem, event_text=round_.seed_event)


def _source_text(session: Session, round_: EnrolmentRound) -> str:
    if _season_seed(session, round_):
        return "season"
    return "secret" if round_.seed_secret is not None else "event"


def _season_seed(session: Session, round_: EnrolmentRound) -> str | None:
    season = session.get(Season, round_.season)
    return season.draw_seed if season else None


def queue_draw(session: Session, actor: Actor, draw_id: int, event_value: str = "") -> Draw:
    """Tell the seed and let the draw be run. A draw that has failed may be queued again, with the same seed only.

    Raises:
        NotAllowed, NotFound; Conflict: `draw_running`, `draw_published`, `seed_known`; Refused: `seed_needed`.
    """
    require(actor, Action.RUN_DRAW, ANYWHERE)
    found = draw_by_id(session, draw_id)
    if found.status not in (FROZEN, FAILED, DONE):
        raise Conflict("draw_published" if found.status == PUBLISHED else "draw_running", draw=draw_id)
    seed = seed_of(found.problem_json, _revealed(session, found, event_value))
    if found.seed and found.seed != seed:
        raise Conflict("seed_known", draw=draw_id)
    found.seed, found.status = seed, QUEUED
    found.failure_json = found.progress_json = None
    session.add(found)
    session.flush()
    queue.enqueue(session, TASK, str(draw_id), {"draw": draw_id}, actor.account_id)
    return found


def _revealed(session: Session, found: Draw, event_value: str) -> str:
    round_ = find_round(session, found.round_id)
    known: str | None
    match found.seed_source:
        case "season":
            known = _season_seed(session, round_)
        case "secret":
            known = round_.seed_secret
        case _:
            known = event_value.strip() or found.seed
    if not known:
        raise Refused("seed_needed", event=round_.seed_event or "")
    return known


def claim_draw(sessions: Sessions, draw_id: int) -> bool:
    """Take a queued draw for oneself: true for exactly one of all who try."""
    with sessions() as session:
        taken = session.connection().execute(
            update(Draw)
            .where(col(Draw.id) == draw_id, col(Draw.status) == QUEUED)
            .values(status=SOLVING, stop_asked_at=None)
        )
        return taken.rowcount == 1


def stop_draw(session: Session, actor: Actor, draw_id: int) -> Draw:
    """Ask a draw that is being run to be done with the best it has. Who runs it looks at this now and then, in whatever
    process; a draw that is not being run stays as it is.

    Raises:
        NotAllowed; NotFound: `draw_unknown`.
    """
    require(actor, Action.RUN_DRAW, ANYWHERE)
    found = draw_by_id(session, draw_id)
    if found.status == SOLVING and found.stop_asked_at is None:
        found.stop_asked_at = clock.now()
        session.add(found)
        session.flush()
        if (task := queue.open_task(session, TASK, str(draw_id))) is not None:
            queue.ask_stop(session, task)
    return found


def run_draw(
    sessions: Sessions,
    draw_id: int,
    *,
    seconds: float = 60,
    workers: int = 2,
    stop: threading.Event | None = None,
    on_news: Callable[[News], None] | None = None,
    on_end: OnEnd | None = None,
) -> Draw:
    """Solve a queued draw and record how it went: `done` with certificate and reasons, or `failed` with why. `on_end`
    is called in the unit of work that records it, with the failure, if it failed.

    Raises:
        Conflict: `draw_not_queued`, also where somebody else has just taken it.
    """
    if not claim_draw(sessions, draw_id):
        raise Conflict("draw_not_queued", draw=draw_id)
    with sessions() as session:
        started = draw_by_id(session, draw_id)
        revealed = _revealed(session, started, started.seed)

    def tell(news: News) -> None:
        _note(sessions, draw_id, news)
        if on_news is not None:
            on_news(news)

    try:
        drawn = draw(started.problem_json, revealed, seconds=seconds, workers=workers, on_news=tell, stop=stop)
    except SolveFailed as failure:
        return _end(sessions, draw_id, on_end, failure_json={"code": failure.code, "facts": dict(failure.facts)})
    except BaseException as error:
        _end(sessions, draw_id, on_end, failure_json={"code": "crashed", "facts": {"error": type(error).__name__}})
        raise
    return _end(
        sessions,
        draw_id,
        on_end,
        result_json=drawn.result,
        certificate_json=drawn.certificate,
        reasons_json=drawn.reasons,
    )


def _note(sessions: Sessions, draw_id: int, news: News) -> None:
    with sessions() as session:
        running = draw_by_id(session, draw_id)
        running.progress_json = _plain({**asdict(news), "at": clock.now().isoformat()})
        session.add(running)


def _end(sessions: Sessions, draw_id: int, on_end: OnEnd | None, **changes: dict[str, Any]) -> Draw:
    with sessions() as session:
        if on_end is not None:
            on_end(session, changes.get("failure_json"))
        ended = draw_by_id(session, draw_id)
        if ended.status != SOLVING:  # Somebody queued it again meanwhile: what comes late is not recorded.
            return ended
        for name, value in changes.items():
            setattr(ended, name, _plain(value))
        ended.status = FAILED if "failure_json" in changes else DONE
        ended.finished_at = clock.now()
        session.add(ended)
    return ended


def _plain(value: object) -> Any:
    return json.loads(json.dumps(value, default=str, ensure_ascii=False))
