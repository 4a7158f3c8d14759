"""Sets of people who might be enough: those that no cut rules out are tried in the model of all rules, few at a time.

Some people are *taken*, the others are sought: the best hub first, with prices sought for it, then its partners, all of
them free in one model in which those taken must change. A hub that was tried is out of all further sets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scheduler.roster.repair.prices import Bounds, Caps, joined, partners

STEPS = 25  # in search of prices against sets of one size
AROUND_HUB = 10  # the same where somebody is taken for granted
BATCH = 3  # people tried in one model beside those taken: proofs are quick for a few, and not for many
FEW = 30  # partners who are tried without a search for prices

Try = Callable[[tuple[str, ...], list[str]], bool | None]
"""(taken, partners): whether they are enough, each taken and as many partners as may change; None: not known."""


class Sets:
    """The sets of one size that might keep caps."""

    def __init__(
        self, bounds: Bounds, caps: Caps, size: int, attempt: Try, is_over: Callable[[], bool], pairs: Any = None
    ) -> None:
        self.bounds, self.caps, self.size, self.pairs = bounds, caps, size, pairs
        self.attempt, self.is_over = attempt, is_over
        self.names = bounds.board.volunteers

    def any_enough(self) -> bool | None:
        """Whether any set is enough; None where time ran out first."""
        import numpy as np

        allowed = np.ones(len(self.names), dtype=bool)
        allowed[self.bounds.free] = False
        for worth in self.bounds.rates(self.caps):
            if not self._left((), allowed)[2].any():
                return False
            self.bounds.seek(self.caps, worth, self.size, STEPS, self.is_over)
        return self._search((), allowed)

    def _left(self, taken: tuple[int, ...], allowed: Any) -> tuple[Any, Any, Any]:
        """Gains, what is asked beside those taken, and who might be one of the others."""
        gains, asked = self.bounds.gains(self.caps)
        asked = asked - gains[:, list(taken)].sum(axis=1)
        gains = gains * allowed
        people = joined(gains, asked, self.size - len(taken)) & allowed
        if self.pairs is not None and len(taken) == 1:
            people &= self.pairs[taken[0]]
        return gains, asked, people

    def _known(self, around: Any) -> Any:
        """Which two of these people another bound leaves; it knows of pairs that nobody joins."""
        import numpy as np

        return True if self.pairs is None else self.pairs[np.ix_(around, around)]

    def _search(self, taken: tuple[int, ...], allowed: Any) -> bool | None:
        if self.is_over():
            return None
        people = self._left(taken, allowed)[2]
        if not people.any():
            return False
        if self.size - len(taken) == 1:
            return self._try(taken, people)
        return self._by_hubs(taken, allowed & people)

    def _by_hubs(self, taken: tuple[int, ...], allowed: Any) -> bool | None:
        """Hub after hub, each with all its partners; a hub that was tried is in no further set."""
        import numpy as np

        allowed = allowed.copy()
        while True:
            gains, asked, people = self._left(taken, allowed)
            around = np.flatnonzero(people)
            if self.size - len(taken) == 2 and len(around):
                both = partners(gains, asked, around) & self._known(around)
                around = around[both.any(axis=1)]
            if not len(around):
                return False
            hub = self._hub(gains, asked, around)
            found = self._around((*taken, hub), allowed)
            if found is not False:
                return found
            allowed[hub] = False

    @staticmethod
    def _hub(gains: Any, asked: Any, around: Any) -> int:
        """Who wins most of what is asked."""
        import numpy as np

        share = gains[:, around] / np.maximum(asked, 1e-3)[:, None]
        return int(around[np.minimum(share, 1.0).mean(axis=0).argmax()])

    def _around(self, taken: tuple[int, ...], allowed: Any) -> bool | None:
        allowed = allowed.copy()
        allowed[taken[-1]] = False
        for worth in self.bounds.rates(self.caps):
            if int(self._left(taken, allowed)[2].sum()) <= FEW:
                break
            self.bounds.seek(self.caps, worth, self.size, AROUND_HUB, self.is_over, taken)
        return self._search(taken, allowed)

    def _try(self, taken: tuple[int, ...], people: Any) -> bool | None:
        import numpy as np

        others = [self.names[i] for i in np.flatnonzero(people)]
        firm = tuple(self.names[i] for i in taken)
        for k in range(0, len(others), BATCH):
            found = None if self.is_over() else self.attempt(firm, others[k : k + BATCH])
            if found is not False:
                return found
        return False
