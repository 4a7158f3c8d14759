"""Health, papers, who must not collect: encrypted at rest, and asked for only with consent and need."""

from __future__ import annotations

import pytest
from households import Household, born, household
from seasons import SmallSeason
from sqlmodel import Session

from registry import clock
from registry.conventions.papers import check_digit
from registry.enrolment.tables import Place
from registry.errors import Invalid, Refused
from registry.families.around import save_restriction
from registry.families.children import (
    may_give_paper,
    set_health_note,
    set_paper,
)
from registry.families.inputs import RestrictionInput
from registry.families.tables import (
    Child,
    Guardian,
)
from registry.families.views import child_page
from registry.privacy.consents import answer_consents, texts_now
from registry.privacy.tables import ConsentItem
from registry.programme import Setting


@pytest.fixture
def home(session: Session) -> Household:
    return household(session)


def problems(error: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    """Fields and codes."""
    return [(problem.field, problem.code) for problem in error.value.problems]


def agree(home: Household, child: int, item: ConsentItem, answer: bool = True) -> None:
    """Answer one item, to the text in force."""
    text = texts_now(home.session)[item]
    answer_consents(home.session, home.actor, child, {item: answer}, {item: text.digest})


def season_of(home: Household, child: int) -> SmallSeason:
    """A season in which the child can apply."""
    season = SmallSeason(home.session)
    season.guardian_of = {child: home.session.get_one(Guardian, home.actor.guardian_id)}
    return season


def raw(session: Session, column: str, table: str) -> bytes:
    """What the database itself holds."""
    from sqlalchemy import text

    return bytes(session.execute(text(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")).scalar_one())


def test_who_must_not_collect_and_health_are_encrypted_at_rest(home: Household) -> None:
    child = home.child()
    save_restriction(home.session, home.actor, child, RestrictionInput("赵六", "法院\n文书"))
    agree(home, child, ConsentItem.HEALTH)
    set_health_note(home.session, home.actor, child, "对花生过敏")
    home.session.flush()
    assert "赵六".encode() not in raw(home.session, "name", "collection_restriction")
    assert "花生".encode() not in raw(home.session, "health_note", "child")
    home.session.expire_all()
    page = child_page(home.session, home.actor, child)
    assert ([(r.name, r.note) for r in page.restrictions], page.child.health_note) == (
        [("赵六", "法院\n文书")], "对花生过敏",
    )  # fmt: skip


def test_health_is_noted_only_with_consent_and_goes_with_it(home: Household) -> None:
    child = home.child()
    with pytest.raises(Invalid) as error:
        set_health_note(home.session, home.actor, child, "对花生过敏")
    assert problems(error) == [("health_note", "consent_needed")]
    agree(home, child, ConsentItem.HEALTH)
    set_health_note(home.session, home.actor, child, "对花生过敏")
    agree(home, child, ConsentItem.HEALTH, answer=False)
    assert child_page(home.session, home.actor, child).child.health_note is None


def test_papers_are_asked_for_only_where_the_district_collects_them_and_a_place_is_kept(home: Household) -> None:
    child = home.child()
    number = f"990000{born(9):%Y%m%d}002"
    number += check_digit(number)
    season = season_of(home, child)
    run = season.class_run(3)
    applied = season.apply(home.session.get_one(Child, child), run)
    give = (home.session, home.actor, child, "resident_id", number)
    with pytest.raises(Refused, match="papers_not_collected"):
        set_paper(*give)
    home.session.add(Setting(key="collects_papers", value=True))
    assert may_give_paper(home.session, child) is False
    home.session.add(
        Place(
            application_id=applied.id or 0, class_run_id=run.id or 0, rank=1, source="draw", status="confirmed",
            offered_at=clock.now(),
        )
    )  # fmt: skip
    home.session.flush()
    with pytest.raises(Invalid) as error:
        set_paper(*give)
    assert problems(error) == [("paper_number", "consent_needed")]
    agree(home, child, ConsentItem.INSURANCE)
    with pytest.raises(Invalid) as error:
        set_paper(home.session, home.actor, child, "resident_id", "99000020150307001X")
    assert problems(error)[0][1] in {"paper_not_of_birth", "paper_not_of_sex"}
    set_paper(*give)
    page = child_page(home.session, home.actor, child)
    assert (page.masked_paper, page.child.paper_number) == (f"990***********{number[-4:]}", number)
    assert number.encode() not in raw(home.session, "paper_number", "child")
