"""Whom to free next in the search for a repair: a few people who could win what is still missing, or one with heirs.

Who could win most by filling gaps comes first. Where those have been tried, chance decides among the better ones, and
every second time one of them is freed with those who could take over what that one leaves: the chain that no single
gain shows. Who was freed in vain is less likely to be freed again.
"""

from __future__ import annotations

from typing import Any

from scheduler.roster.problem import Roster
from scheduler.roster.repair.few import Caps, Few, rates_for
from scheduler.roster.repair.scene import Scene
from scheduler.roster.repair.weeks import Weeks

AGAIN = 0.5  # how likely somebody is to be freed again after each time in vain
BEST = 12  # people among whom the head of a chain is drawn


class Around:
    """The neighbourhoods of one repair."""

    def __init__(self, few: Few, seed: int) -> None:
        import numpy as np

        self.few, self.table = few, few.table
        self.dice = np.random.default_rng(seed)
        self.vain: Any = np.zeros(len(self.table.volunteers))
        self.turns = 0
        others = np.ones(len(self.table.volunteers), dtype=bool)
        others[[*few.sure, *self.table.twin]] = False
        self.others = others

    def pick(self, roster: Roster, caps: Caps, taken: set[str], size: int) -> list[str]:
        """Up to `size` people beside those taken; where nothing is missing, those who could win it in other ways."""
        worth, weeks = self._worth(roster, caps, taken)
        worth = worth * AGAIN**self.vain
        if self.turns:
            worth = worth * self.dice.uniform(0.5, 1.0, len(worth))
        self.turns += 1
        if self.turns % 2 == 0 and worth.any():
            return self._chain(weeks, worth, size)
        return self._names(worth, size)

    def likeliest(self, roster: Roster, caps: Caps, taken: set[str], size: int) -> list[str]:
        """Who could win most of what is missing, beside those taken."""
        return self._names(self._worth(roster, caps, taken)[0], size)

    def _worth(self, roster: Roster, caps: Caps, taken: set[str]) -> tuple[Any, Weeks]:
        """What each could win of what is missing; where nothing is, of all that was lost."""
        import numpy as np

        scene = self.few.scene.after(roster)
        lacks = [max(0, scene.found[level] - cap) for level, cap in zip(("safety", "programme"), caps, strict=True)]
        weeks = self._weeks(scene, lacks)
        gains = np.stack([w.gain.clip(0) for w in weeks])
        worth = np.minimum(gains, sum(lacks)).sum(axis=0) if any(lacks) else self.few.likelihood(caps)
        worth = worth * self.others
        worth[[self.table.row[v] for v in taken]] = 0.0
        return worth, weeks[0]

    def _weeks(self, scene: Scene, lacks: list[int]) -> list[Weeks]:
        table = self.table.after(scene)
        rates = rates_for(lacks[0] > 0, lacks[1] > 0)
        return [Weeks(table, table.opening(*worth)) for worth in (rates if any(lacks) else rates[:1])]

    def _chain(self, weeks: Weeks, worth: Any, size: int) -> list[str]:
        """One who could win something, and those who could win most beside that one."""
        import numpy as np

        best = np.argsort(-worth, kind="stable")[:BEST]
        odds = worth[best] / worth[best].sum()
        head = int(self.dice.choice(best, p=odds))
        beside = (weeks.beside(head, weeks.segment_worth()) - weeks.gain.clip(0)).clip(0)
        heirs = beside * self.others * AGAIN**self.vain * self.dice.uniform(0.5, 1.0, len(worth))
        heirs[head] = 0.0
        heirs[worth <= 0] *= 0.9  # Who could fill a gap besides is a little dearer.
        return [self.table.volunteers[head], *self._names(heirs, size - 1)]

    def _names(self, worth: Any, size: int) -> list[str]:
        import numpy as np

        return [self.table.volunteers[i] for i in np.argsort(-worth, kind="stable")[:size] if worth[i] > 0]

    def some(self, people: list[str], size: int) -> set[str]:
        """So many of these people, by chance; none for a size below 1."""
        return set(self.dice.choice(people, size, replace=False).tolist()) if size > 0 else set()

    def learn(self, freed: list[str], won: bool, used: frozenset[str]) -> None:
        """Whoever was freed in vain is freed less often; everybody else as before once something has changed."""
        if won:
            self.vain *= 0.5
        for v in freed:
            if v not in used:
                self.vain[self.table.row[v]] += 1
