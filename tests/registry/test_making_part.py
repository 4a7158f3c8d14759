"""The figures of a solve of one site are those of that site, on the way and at the end."""

from __future__ import annotations

from test_making import actors, entries, made, opened, sites_of

from registry.board.boards import EMPTY
from registry.db import Sessions
from registry.engine.rosters import cost, read, read_roster
from registry.making.live import live
from registry.making.weeks import attempt
from registry.rostering.drafts import draft

__all__ = ["opened"]


def test_the_figures_of_one_site_leave_out_what_all_others_lack(opened: Sessions) -> None:
    """Before anything else was made the western site is empty. Its gaps stay whatever the eastern one does, so what is
    told of the eastern site is the whole cost less that of a week in which the west alone is, and empty."""
    with opened() as session:
        _, coordinator, east, west = actors(session)
    number = made(opened, coordinator, east)
    with opened() as session:
        row, site_of = draft(session, number), sites_of(draft(session, number))
        assert row.roster_json is not None and row.result_json is not None
        assert entries(row.roster_json, site_of, west) == set()
        alone = {**row.problem_json, "classes": [c for c in row.problem_json["classes"] if c["site"] == f"s{west}"]}
        empty = cost(read(alone), read_roster(EMPTY, read(alone)))
        whole = row.roster_json["result"]
        assert empty.safety > 0
        for level in ("safety", "programme"):
            kept = getattr(empty, level)
            told = [row.result_json[what][level] for what in ("cost", "bound")]
            assert told == [whole["cost"][level] - kept, max(0, whole["bound"][level] - kept)]
        now = live(attempt(session, coordinator, number))
        assert now.elsewhere == {"safety": empty.safety, "programme": empty.programme, "quality": 0}
        assert [level.cost for level in now.levels] == list(row.result_json["cost"].values())
        assert now.levels[0].costs[-1][1] == row.result_json["cost"]["safety"]  # the line ends at the figure


def test_a_solve_of_everything_has_nothing_elsewhere(opened: Sessions) -> None:
    with opened() as session:
        boss, _, _, _ = actors(session)
    number = made(opened, boss)
    with opened() as session:
        row = draft(session, number)
        assert row.result_json == (row.roster_json or {})["result"]
        assert live(attempt(session, boss, number)).elsewhere is None
