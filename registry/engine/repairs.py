"""The repair of a roster and its stand-bys as the registry sees them: JSON in, JSON out, checked before believed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from registry.engine.rosters import costed, read
from registry.errors import SolveFailed
from scheduler import Malformed, PinError, Progress, measure_repair, read_roster, repair, standbys, write_roster
from scheduler.roster.repair.damage import assess
from scheduler.roster.repair.measure import disturbed

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mended:
    """A repaired roster file, who is disturbed by it, and who lost something that had become impossible."""

    roster: Json
    disturbed: tuple[str, ...]
    hit: tuple[str, ...]


def damaged(before: Json, roster: Json, after: Json, *, seed: int, frozen_before: str | None) -> Json:
    """The problem of a repair: `after` is what is true now; `roster`, which was right for `before`, is mended.

    Raises:
        SolveFailed: `problem_malformed`.
    """
    return {**after, "published": costed(before, roster, seed), "frozen_before": frozen_before}


def mend(
    problem_json: Json, *, seconds: float, workers: int, seed: int, on_progress: Callable[[Json], None] | None = None,
    stop: threading.Event | None = None,
) -> Mended:  # fmt: skip
    """The published roster of a problem mended, with the fewest people disturbed. `stop` ends it with the best so far;
    `on_progress` is told now and then: seconds, phase, cost and bound by level.

    Raises:
        SolveFailed: `problem_malformed`; `pins_broken`; `roster_broken`; `cost_wrong`, where the solver says otherwise.
    """
    problem = read(problem_json)
    try:
        found = repair(
            problem, seconds=seconds, workers=workers, seed=seed, stop=stop,
            on_progress=None if on_progress is None else lambda news: on_progress(_plain(news)),
        )  # fmt: skip
        report, levels = measure_repair(problem, found.roster)
    except Malformed as error:
        raise SolveFailed("problem_malformed", place=error.place, reason=error.code, **error.facts) from error
    except PinError as error:
        raise SolveFailed("pins_broken", rules=sorted({v.rule for v in error.violations})) from error
    if report.violations:
        raise SolveFailed("roster_broken", rules=sorted({v.rule for v in report.violations}))
    if levels != found.result.cost:
        raise SolveFailed("cost_wrong", stated=found.result.cost._asdict(), recomputed=levels._asdict())
    damage = assess(problem)
    people = disturbed(damage, found.roster)
    return Mended(
        write_roster(found.roster, found.result), tuple(sorted(people)), tuple(sorted(damage.gone.people - people))
    )


def _plain(news: Progress) -> Json:
    cost, bound = (None if levels is None else dict(levels._asdict()) for levels in (news.cost, news.bound))
    return {"seconds": round(news.seconds, 1), "phase": news.phase, "cost": cost, "bound": bound}


def ready_days(problem_json: Json, roster_json: Json, *, seconds: float) -> list[Json]:
    """The stand-bys of each weekday, and the absences that nothing covers.

    Raises:
        SolveFailed: `problem_malformed`.
    """
    problem = read(problem_json)
    return [asdict(day) for day in standbys(problem, read_roster(roster_json, problem), seconds=seconds)]
