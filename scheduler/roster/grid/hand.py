"""One searching process: it holds a state of its own, tries, tells what it changed, and hears what others changed.

The parent (`scheduler.roster.grid.team`) sends the facts and the first roster, then an order for each burst. The
answer is a change or None; the next message says whether it was taken and what came from others in the meantime.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from dataclasses import dataclass

from scheduler.roster.grid.facts import Facts
from scheduler.roster.grid.moves import Mover, Order
from scheduler.roster.grid.state import Change, State
from scheduler.roster.problem import Roster


@dataclass(frozen=True)
class Briefing:
    """What a hand begins with."""

    facts: Facts
    roster: Roster
    seed: int


@dataclass(frozen=True)
class Reply:
    """Whether the last change was taken, what others changed since, and what to do next."""

    taken: bool
    others: tuple[Change, ...]
    order: Order


def work(briefing: Briefing, reply: Reply) -> None:
    """Answer orders until the parent is gone."""
    state = State(briefing.facts, briefing.roster)
    mover = Mover(state, briefing.seed)
    while True:
        base = state.snapshot()
        change = state.change_since(base) if mover.burst(reply.order) else None
        pickle.dump(change, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        reply = pickle.load(sys.stdin.buffer)
        if change and not reply.taken:
            state.apply(Change(change.duties_in, change.lessons_in, change.duties_out, change.lessons_out))
        for other in reply.others:
            state.apply(other)


def main() -> None:
    """Read the briefing and the first order from standard input; nothing but answers goes to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        briefing: Briefing = pickle.load(sys.stdin.buffer)
        work(briefing, pickle.load(sys.stdin.buffer))
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):  # whoever asked has ended, perhaps in the middle
        os._exit(0)


if __name__ == "__main__":
    main()
