"""A large week as arrays, and the search that works on them: many small exact steps a second, in several processes.

`facts` holds what does not change, `state` a roster with its cost kept up to date, `flows` the steps that are a
network flow, `rows` and `part` those that are a small integer programme, `moves` chooses among them, `hand` runs
them in a process of its own and `team` joins what the hands find. Nothing here is trusted: whoever uses a roster
from here has it checked by the rulebook.
"""

from __future__ import annotations

from scheduler.roster.choices import Choices


def fits(choices: Choices) -> bool:
    """Whether a week can be held in arrays: no two lessons of a class at once, no segments or slots that overlap."""
    problem = choices.problem
    return not (problem.overlapping_segments or problem.overlapping_slots or choices.waived.get("lesson"))
