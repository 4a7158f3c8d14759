"""The first repair where many classes are hit, as on a day of heat: whoever can fills gaps beside what they have.

Nobody leaves anything, so only cells with a gap are free and the model of everybody is small: seconds are spent on a
good roster before any are spent on proofs. What only moving people could mend is left to the search.
"""

from __future__ import annotations

from collections.abc import Callable

from scheduler.roster.problem import Roster
from scheduler.roster.repair.part import Part, Stop
from scheduler.roster.repair.scene import Scene

WIDE = 10  # classes with lost entries from which a repair begins here
GROWTH = 4  # how many times as long the model with the gaps in duties takes as the one without
LEVELS = ("safety", "programme", "people", "changes")

Take = Callable[[Roster | None], bool]
Left = Callable[[], float]


def is_wide(scene: Scene) -> bool:
    """Whether entries of many classes are lost."""
    gone = scene.damage.gone
    return len({d.class_run for d in gone.duties} | {x.class_run for x in gone.lessons}) >= WIDE


def begin(scene: Scene, take: Take, left: Left, stop: Stop, seed: int) -> None:
    """Better and better rosters: by those who disturb nobody, by all who could fill a gap, and with duties to help.

    `take` is given each roster, `left` tells the seconds that are left. A gap in the duties matters even where no
    safety is missing: a duty in the class may be what makes a lesson possible.
    """
    lean = scene.lacking()
    _try(lean, frozenset(), take, left, stop, seed)
    able = frozenset(key[3] for cell in scene.lesson_gaps for key in scene.choices.lesson.get(cell, ()))
    more = able | frozenset(v for cell in scene.duty_gaps for v in scene.choices.duty.get(cell, ()))
    before = left()
    _try(lean, more if lean.duty_gaps else able, take, left, stop, seed)
    if not lean.duty_gaps and left() > GROWTH * (before - left()):
        _try(scene, more, take, left, stop, seed)


def _try(scene: Scene, able: frozenset[str], take: Take, left: Left, stop: Stop, seed: int) -> None:
    """Only those leave anything who must, or of whom one must."""
    if left() <= 0:
        return
    must = scene.damage.forced.union(*scene.damage.disputes)
    part = Part(scene, able | must, LEVELS, moving=must)
    found = part.minimise(LEVELS, left(), stop, seed=seed)
    take(found.roster if found else None)
