"""A small rush on each database: nothing lost, doubled or oversold. The large ones are `tests/bench/rush.py`."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("mode", ["first_come", "lottery"])
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_nothing_is_lost_doubled_or_oversold(kind: str, mode: str) -> None:
    from rush import case

    found = case(kind, mode, families=100, seconds=5, inserts=320)
    assert (found["faults"], found["unanswered"]) == ([], [])
    assert sum(found["there is"]["by status"].values()) == 100
