"""How few people are enough: who could win what is missing, alone and in pairs, and the proof that others cannot."""

from __future__ import annotations

from typing import Any

from scheduler.roster.repair.scene import Scene
from scheduler.roster.repair.table import Prices, Table
from scheduler.roster.repair.weeks import MARGIN, Weeks

WORTHS = ((1.0, 0.0), (1.0, 0.1), (1.0, 0.25), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0), (0.25, 1.0), (0.1, 1.0), (0.0, 1.0))

DEEP = ((1.0, 0.0), (1.0, 0.25), (1.0, 1.0), (0.25, 1.0), (0.0, 1.0))

RATES_BY_NEED = {
    (True, False): ((1.0, 0.0), (1.0, 0.5)),
    (True, True): ((1.0, 0.25), (1.0, 1.0)),
    (False, True): ((1.0, 1.0), (0.25, 1.0)),
    (False, False): ((1.0, 1.0),),
}

Caps = tuple[int, int]


def rates_for(safety: bool, programme: bool) -> tuple[tuple[float, float], ...]:
    """The exchange rates that matter where points of these levels are missing."""
    return RATES_BY_NEED[safety, programme]


class Few:
    """Bounds on what sets of people could win, under several exchange rates of safety against programme."""

    def __init__(self, scene: Scene, table: Table) -> None:
        import numpy as np

        self.scene, self.table = scene, table
        self.forced = sorted(table.row[v] for v in scene.damage.forced if v in table.row)
        self.sure = [*table.twin.values(), *self.forced]
        """Who is at work anyway: twins, who take on more, and people who must change."""
        self.disputes = [self._rows(people) for people in scene.damage.disputes if not people & scene.damage.forced]
        wanting, mask = table.wanting.each(), table.mask.each()
        open_now = [float((w.clip(0) * m).sum()) for w, m in zip(wanting, mask, strict=True)]
        # What frozen cells lack counts too, and nobody can change it.
        self.outside = (scene.found["safety"] - sum(open_now[:3]), scene.found["programme"] - sum(open_now[3:]))
        self.weeks = [Weeks(table, table.opening(*worth)) for worth in WORTHS]
        self.gain = np.stack([w.gain for w in self.weeks]).clip(0)
        self.safety, self.programme = table.takeover()

    def _rows(self, people: frozenset[str]) -> Any:
        import numpy as np

        rows = np.zeros(len(self.table.volunteers), dtype=bool)
        rows[[self.table.row[v] for v in people]] = True
        return rows

    def asked(self, prices: Prices, caps: Caps) -> float:
        """What the gains of those who change must add up to."""
        whole = self.table.wanting.dot(prices)
        return whole + prices.safety * (self.outside[0] - caps[0]) + prices.programme * (self.outside[1] - caps[1])

    def _lacking(self, caps: Caps) -> Any:
        """What is asked, by exchange rate, beside what those win who are at work anyway."""
        import numpy as np

        sure = self.sure
        among = np.ix_(sure, self.forced)
        lacking = [
            self.asked(w.prices, caps)
            - float(g[sure].sum())
            - w.prices.safety * float(self.safety[among].sum())
            - w.prices.programme * float(self.programme[among].sum())
            for w, g in zip(self.weeks, self.gain, strict=True)
        ]
        return np.array(lacking) - MARGIN

    def _joined(self) -> list[Any]:
        """By exchange rate, what each could win more than one's twin, alone and beside those at work anyway."""
        out = []
        for w, g in zip(self.weeks, self.gain, strict=True):
            joined = g + w.prices.safety * self._beside(self.safety) + w.prices.programme * self._beside(self.programme)
            for v, twin in self.table.twin.items():
                joined[v] -= g[twin]
            out.append(joined)
        return out

    def _beside(self, takeover: Any) -> Any:
        """What each might win by what those who must change leave, and those at work anyway by what each leaves."""
        return takeover[:, self.forced].sum(axis=1) + takeover[self.sure].sum(axis=0)

    def can_none(self, caps: Caps) -> bool:
        """Whether those who are at work anyway might do."""
        return not self.disputes and not bool((self._lacking(caps) > 0).any())

    def singles(self, caps: Caps) -> list[str]:
        """Whoever might do with them, the likeliest first."""
        import numpy as np

        enough = np.ones(len(self.table.volunteers), dtype=bool)
        for joined, lacking in zip(self._joined(), self._lacking(caps), strict=True):
            enough &= joined >= lacking
        enough[self.sure] = False
        for hit in self.disputes:
            enough &= hit
        order = np.argsort(-self.likelihood(caps), kind="stable")
        return [self.table.volunteers[i] for i in order if enough[i]]

    def pairs(self, caps: Caps) -> Any:
        """Any two who might do with them: a symmetric mask."""
        import numpy as np

        enough = np.triu(np.ones((len(self.table.volunteers),) * 2, dtype=bool), 1)
        enough[self.sure] = False
        enough[:, self.sure] = False
        for hit in self.disputes:
            enough &= hit[:, None] | hit[None, :]
        safety, programme = self.safety + self.safety.T, self.programme + self.programme.T
        for w, joined, lacking in zip(self.weeks, self._joined(), self._lacking(caps), strict=True):
            help_ = w.prices.safety * safety + w.prices.programme * programme
            enough &= joined[:, None] + joined[None, :] + help_ >= lacking
        for w, g, joined, lacking in zip(self.weeks, self.gain, self._joined(), self._lacking(caps), strict=True):
            if lacking > 0 and (w.prices.safety, w.prices.programme) in DEEP:
                enough &= self._together(w, g, joined, enough) >= lacking
        return enough | enough.T

    def _together(self, weeks: Weeks, gain: Any, joined: Any, enough: Any) -> Any:
        """What each two could win, each taking what the other leaves: (V, V)."""
        import numpy as np

        segment = weeks.segment_worth()
        either = enough | enough.T
        loose = weeks.prices.safety * self.safety + weeks.prices.programme * self.programme + gain[:, None]
        for u in np.flatnonzero(either.any(axis=0)):
            loose[:, u] = np.minimum(loose[:, u], np.maximum(weeks.beside(int(u), segment), gain))
        loose = loose + (joined - gain)[:, None]
        return loose + loose.T

    def likelihood(self, caps: Caps) -> Any:
        """How much of what is lacking each could win, at the worst exchange rate that asks for anything."""
        import numpy as np

        shares = [g / n for g, n in zip(self.gain, self._lacking(caps), strict=True) if n > 0]
        if not shares:
            return self.gain.sum(axis=0)
        return np.minimum(1.0, np.stack(shares)).min(axis=0) + 0.1 * np.minimum(1.0, np.stack(shares)).mean(axis=0)
