"""Who has said that they cannot come stands beside the board until it is mended, with one tap to have that done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mended import coordinator, work_out
from published import BEFORE, LI, MONDAY, ZHANG, district, now_rostered, number, signed_in, usual
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from registry import clock
from registry.accounts.permissions import Actor
from registry.board.boards import open_board, the_board
from registry.board.positions import Positions
from registry.db import Sessions, sessions
from registry.duties.answers import answer_absent, withdraw_absence
from registry.duties.releases import publish_board
from registry.errors import Conflict, NotAllowed
from registry.programme import Site
from registry.repairs.asking import ask_repair
from registry.repairs.causes import ABSENT, Cause
from registry.repairs.deciding import accept_repair, drop_repair, see_repair
from registry.repairs.reported import repair_reported, reported, waiting_for_repair
from registry.substitutes.searching import begin_search

NOON = {"class": "c1", "segment": "1-noon", "role": "lead"}


@pytest.fixture(name="week")
def published_week(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sessions]:
    """It is the Friday before. 李 cannot come at noon, 张 not in the afternoon."""
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    monkeypatch.setattr(clock, "today", BEFORE.date)
    made = sessions(engine)
    with made() as session:
        district(session, small)
        usual(session)
        open_board(session, MONDAY)
        answer_absent(session, signed_in(session, LI), [(MONDAY, "noon")], "ill")
        answer_absent(session, signed_in(session, ZHANG), [(MONDAY, "pm")], "study")
    yield made


def states(session: Session, actor: Actor) -> list[tuple[str, str]]:
    return [(row.name, row.state) for row in reported(session, actor, MONDAY)]


def test_one_tap_mends_them_together_and_they_are_settled_on_the_board(week: Sessions) -> None:
    with week() as session:
        boss = office(session)
        assert states(session, boss) == [(LI, "open"), (ZHANG, "open")]
        assert (waiting_for_repair(session, boss, MONDAY), reported(session, boss, MONDAY)[0].parts) == (
            2, ((MONDAY, "noon"),),
        )  # fmt: skip
        made = repair_reported(session, boss, MONDAY)
        assert [(c["of"], c["segments"]) for c in made.causes_json] == [
            (f"v{number(session, LI)}", ["1-noon"]), (f"v{number(session, ZHANG)}", ["1-pm"]),
        ]  # fmt: skip
        assert {row.repair for row in reported(session, boss, MONDAY)} == {made.id}
        assert states(session, boss) == [(LI, "mending"), (ZHANG, "mending")]
        with pytest.raises(Conflict) as twice:
            repair_reported(session, boss, MONDAY)
        assert twice.value.code == "nothing_to_mend"
    work_out(week)
    with week() as session:
        away = {p.name: [(x.told.starts, x.why) for x in p.gone] for p in see_repair(session, boss, MONDAY, 1).people}
        assert [why for _, why in away[LI]].count("away") == [why for _, why in away[ZHANG]].count("away") == 1
        accept_repair(session, Positions(), boss, MONDAY, made.id or 0)
        assert states(session, boss) == [(LI, "covered"), (ZHANG, "covered")]
        assert waiting_for_repair(session, boss, MONDAY) == 0
        publish_board(session, boss, MONDAY, the_board(session, MONDAY).revision)
        assert reported(session, boss, MONDAY) == ()
        assert not {row for row in now_rostered(session) if row[0] == LI and row[2] == "noon"}
        assert {row for row in now_rostered(session) if row[0] == LI and row[2] == "am"}


def test_one_of_them_by_itself_and_a_substitute_who_is_asked(week: Sessions) -> None:
    with week() as session:
        boss, who = office(session), f"v{number(session, ZHANG)}"
        begin_search(session, boss, MONDAY, [NOON], instead_of=f"v{number(session, LI)}")
        assert states(session, boss) == [(ZHANG, "open"), (LI, "asked")]
        made = repair_reported(session, boss, MONDAY, [who])
        assert [c["of"] for c in made.causes_json] == [who]
        assert states(session, boss) == [(ZHANG, "mending"), (LI, "asked")]
        drop_repair(session, boss, MONDAY, made.id or 0)
        assert states(session, boss) == [(ZHANG, "open"), (LI, "asked")]
        withdraw_absence(session, signed_in(session, ZHANG), 2)
        assert states(session, boss) == [(LI, "asked")]
        with pytest.raises(Conflict):
            repair_reported(session, boss, MONDAY)


def test_only_those_of_own_sites_are_told_and_mended(week: Sessions) -> None:
    with week() as session:
        here, elsewhere = (coordinator(session, n or 0) for n in sorted(session.exec(select(Site.id)))[:2])
        sites = {row.volunteer for row in reported(session, here, MONDAY)}
        assert (len(sites), reported(session, elsewhere, MONDAY)) in ((2, ()), (0, reported(session, here, MONDAY)))
        seeing, blind = (here, elsewhere) if sites else (elsewhere, here)
        assert (waiting_for_repair(session, seeing, MONDAY), waiting_for_repair(session, blind, MONDAY)) == (2, 0)
        with pytest.raises(Conflict):
            repair_reported(session, blind, MONDAY)
        with pytest.raises(NotAllowed):
            ask_repair(session, blind, MONDAY, [Cause(ABSENT, (1,), f"v{number(session, LI)}")])
