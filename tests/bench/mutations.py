"""Which mutations of which rules the twin tests notice, and how soon. `python tests/bench/mutations.py` prints it.

A number is how many weeks by chance were looked at until the rule's two halves were seen to differ; “–” means that
the rule has no such half, and “never” that nobody noticed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "rules")]  # As pytest finds them.

from mutants import Mutant, hard_mutants, soft_mutants  # noqa: E402
from test_twins import SEEDS  # noqa: E402
from variety import counts  # noqa: E402

HALVES = {"permits_duty": "duties", "permits_lesson": "lessons", "add_to": "model", "violations": "", "cost": ""}


def table(mutants: Iterable[Mutant], ways: tuple[str, str]) -> list[str]:
    """One row a rule; a cell for each side and way."""
    found: dict[str, dict[tuple[str, str], dict[str, list[str]]]] = {}
    for m in mutants:
        cell = found.setdefault(m.rule.NAME, {}).setdefault((m.side, m.way), {})
        seed = m.first_noticed()
        cell.setdefault(HALVES[m.half], []).append("never" if seed is None else str(seed + 1))
    columns = [(side, way) for side in ("solver", "check") for way in ways]
    head = "| rule | " + " | ".join(f"{side} too {way}" for side, way in columns) + " |"
    rows = [
        f"| {name} | " + " | ".join(_told(cells.get(c, {})) for c in columns) + " |" for name, cells in found.items()
    ]
    return [head, "|" + "---|" * 5, *rows]


def _told(cell: dict[str, list[str]]) -> str:
    return "; ".join(f"{half} {' / '.join(weeks)}".strip() for half, weeks in cell.items()) or "–"


def main() -> None:
    """A table of hard rules, one of soft rules, and what the weeks hold."""
    print(*table(hard_mutants(), ("loose", "tight")), "", *table(soft_mutants(), ("cheap", "dear")), sep="\n")
    print(f"\nOf {len(SEEDS)} weeks and {4 * len(SEEDS)} rosters:\n")
    print(*(f"- {n} {name}" for name, n in counts().items()), sep="\n")


if __name__ == "__main__":
    main()
