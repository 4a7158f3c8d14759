"""The placement solver as the registry sees it: a frozen list in, a result with its certificate out, all of it checked.

What a solver says is believed after the rulebook of `placement check` and the verifier that parents run have both
found nothing wrong with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registry.errors import SolveFailed
from scheduler.placement.certificate import certify, event, faults, freeze, read_frozen, secret
from scheduler.placement.check import check
from scheduler.placement.files import write_placement
from scheduler.placement.reasons import Reason, read_reason, reasons, write_reason
from scheduler.placement.result import News
from scheduler.result import Malformed

Json = dict[str, Any]
OnNews = Callable[[News], None]
"""Told now and then how far a draw is: phase, steps done of how many, levels settled for good."""

__all__ = ["Drawn", "Json", "News", "OnNews", "Reason", "draw", "freeze_list", "read_reason", "seed_of"]


@dataclass(frozen=True)
class Drawn:
    """What came out of a draw: the result file, the certificate, and the reason of each child by its id."""

    result: Json
    certificate: Json
    reasons: dict[str, Json]


def freeze_list(problem: Json, *, event_text: str | None = None, secret_text: str | None = None) -> Json:
    """The commitment file of a problem whose seed nobody knows yet; exactly one source is given.

    Raises:
        SolveFailed: `problem_malformed`, with the place.
    """
    try:
        return freeze(problem, event(event_text) if event_text is not None else secret(secret_text or ""))
    except Malformed as error:
        raise _malformed(error) from error


def seed_of(commitment: Json, revealed: str) -> str:
    """The seed that follows from the event's value or the secret.

    Raises:
        SolveFailed: `problem_malformed`: the list was changed, or the secret is not the one that was committed to.
    """
    try:
        return read_frozen(commitment).seed(revealed)
    except Malformed as error:
        raise _malformed(error) from error


def draw(
    commitment: Json,
    revealed: str,
    *,
    seconds: float,
    workers: int,
    on_news: OnNews | None = None,
    stop: threading.Event | None = None,
) -> Drawn:
    """The draw of a frozen list.

    Raises:
        SolveFailed: `problem_malformed`; `no_placement`, stopped before there was any; `placement_broken`, with
            everything that `placement check` or the verifier finds wrong.
    """
    from scheduler.placement.solve import solve

    try:
        frozen = read_frozen(commitment)
        problem = frozen.problem(revealed)
        placed = solve(problem, seconds=seconds, workers=workers, on_progress=on_news, stop=stop)
        certificate = certify(frozen, revealed, placed)
    except Malformed as error:
        raise _malformed(error) from error
    except TimeoutError:
        raise SolveFailed("no_placement") from None
    wrong = [{"rule": fault.rule, "facts": dict(fault.facts)} for fault in check(problem, placed)]
    wrong += [{"rule": rule, "facts": facts} for rule, facts in faults(certificate)]
    if wrong:
        raise SolveFailed("placement_broken", n=len(wrong), faults=wrong[:20])
    told = {reason.child: write_reason(reason) for reason in reasons(problem, placed)}
    return Drawn(write_placement(placed), certificate, told)


def _malformed(error: Malformed) -> SolveFailed:
    return SolveFailed("problem_malformed", place=error.place, reason=error.code, **error.facts)
