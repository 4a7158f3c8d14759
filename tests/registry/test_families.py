"""Families: own and foreign children, people around them, second guardians, health, papers, who changed what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from households import Household, born, child_input, household, stranger
from seasons import SmallSeason
from sqlmodel import Session, select

from registry import clock, tables
from registry.accounts.permissions import Actor, Held
from registry.accounts.tables import Role
from registry.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, RegistryError
from registry.families.around import remove_person, save_collector, save_contact, save_restriction
from registry.families.children import (
    MOST_CHILDREN,
    add_child,
    change_child,
    remove_child,
    set_health_note,
    set_paper,
)
from registry.families.guardians import (
    invite_guardian,
    save_guardian,
    withdraw_invitation,
)
from registry.families.history import changes_of
from registry.families.inputs import PersonInput, RestrictionInput
from registry.families.reads import children_of, own_child
from registry.families.start import enter_child
from registry.families.tables import (
    AuthorizedCollector,
    Child,
    CollectionRestriction,
    EmergencyContact,
    Guardian,
    Guardianship,
)
from registry.families.views import child_page, family_cards
from registry.privacy.consents import answer_consents, texts_now
from registry.privacy.tables import AccessLog, ConsentItem, ConsentRecord

SOMEBODY = PersonInput("李四", "139 0013 9001", "friend")


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


def test_a_child_is_kept_as_it_was_entered_and_belongs_to_its_guardian(home: Household) -> None:
    entered = child_input("阿卜杜热西提・买买提", born_on=f"{born(9):%Y%m%d}", school=" 第一\u3000小学 ")
    child = add_child(home.session, home.actor, entered, "grandmother")
    assert (child.name, child.sex, child.born_on, child.school) == (
        "阿卜杜热西提·买买提", "female", born(9), "第一 小学",
    )  # fmt: skip
    assert [c.id for c in children_of(home.session, home.actor.guardian_id or 0)] == [child.id]
    assert [g.relation for g in home.session.exec(select(Guardianship))] == ["grandmother"]


def test_everything_that_is_wrong_is_told_at_once_at_its_field(home: Household) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    wrong = child_input("<script>", sex="x", born_on=tomorrow, entry_year="1999", school="字" * 101)
    with pytest.raises(Invalid) as error:
        add_child(home.session, home.actor, wrong, "uncle")
    assert problems(error) == [
        ("name", "name_malformed"), ("sex", "choose_one"), ("born_on", "date_ahead"), ("entry_year", "choose_one"),
        ("school", "too_long"), ("relation", "choose_one"),
    ]  # fmt: skip
    assert home.session.exec(select(Child)).all() == []


@pytest.mark.parametrize(("age", "codes"), [(4, ["age_outside"]), (5, []), (15, []), (16, ["age_outside"])])
def test_children_of_five_to_fifteen_in_the_summer_that_is_meant(home: Household, age: int, codes: list[str]) -> None:
    try:
        add_child(home.session, home.actor, child_input(age=age), "mother")
        found = []
    except Invalid as error:
        found = [problem.code for problem in error.problems]
    assert found == codes


def test_an_unusual_year_of_entry_is_kept_and_asked_again(home: Household) -> None:
    home.child(age=9)
    add_child(
        home.session, home.actor, child_input("张小小", age=9, entry_year=child_input(age=14).entry_year), "mother"
    )
    assert [card.is_unusual_entry for card in family_cards(home.session, home.actor)] == [False, True]


def test_a_child_is_not_entered_twice(home: Household) -> None:
    home.child()
    with pytest.raises(Invalid) as error:
        home.child()
    assert problems(error) == [("name", "child_known")]


def test_a_family_has_a_limit(home: Household) -> None:
    for number in range(MOST_CHILDREN):
        home.child("张" + "甲乙丙丁戊己庚辛壬癸"[number])
    with pytest.raises(Refused) as error:
        home.child("张多")
    assert (error.value.code, dict(error.value.facts)) == ("too_many_children", {"limit": 10})


def test_the_first_child_and_the_own_name_are_entered_together(session: Session) -> None:
    new = stranger(session)
    with pytest.raises(NotAllowed, match="guardian_needed"):
        add_child(session, new.actor, child_input(), "mother")
    with pytest.raises(Invalid) as error:
        enter_child(session, new.actor, "", child_input("1"), "mother")
    assert problems(error) == [("guardian_name", "needed"), ("name", "name_malformed")]
    child = enter_child(session, new.actor, "王 芳", child_input(), "mother")
    assert new.actor.guardian_id is not None
    assert (new.account.name, own_child(session, new.actor, child.id or 0)) == ("王芳", child)


def test_a_machine_is_no_guardian(session: Session) -> None:
    machine = Actor(stranger(session).account.id or 0, "", (), scopes=frozenset({"child.change"}))
    with pytest.raises(NotAllowed):
        save_guardian(session, machine, "机器")


ACTIONS: dict[str, Callable[[Session, Actor, int], object]] = {
    "see": child_page,
    "change": lambda s, a, c: change_child(s, a, c, child_input()),
    "remove": remove_child,
    "health": lambda s, a, c: set_health_note(s, a, c, "x"),
    "paper": lambda s, a, c: set_paper(s, a, c, "passport", "E1234567"),
    "collector": lambda s, a, c: save_collector(s, a, c, SOMEBODY),
    "contact": lambda s, a, c: save_contact(s, a, c, SOMEBODY),
    "restriction": lambda s, a, c: save_restriction(s, a, c, RestrictionInput("赵六")),
    "strike": lambda s, a, c: remove_person(s, a, AuthorizedCollector, c, 1),
    "invite": lambda s, a, c: invite_guardian(s, a, c, "13900139000", "father"),
    "uninvite": lambda s, a, c: withdraw_invitation(s, a, c, 1),
    "consent": lambda s, a, c: answer_consents(s, a, c, {}, {}),
}


def test_another_familys_child_is_one_that_does_not_exist(home: Household) -> None:
    """Also to the office, which has its own ways to a child, masked and logged."""
    child, other = home.child(), household(home.session, "李四")
    office = Actor(stranger(home.session).account.id or 0, "", (Held(Role.DISTRICT_OFFICE),))
    before = {t.__tablename__: len(home.session.exec(select(t)).all()) for t in tables.ALL}
    for actor in (other.actor, office):
        for action in ACTIONS.values():
            answers = []
            for asked in (child, 99_999):
                with pytest.raises(NotFound) as error:
                    action(home.session, actor, asked)
                answers.append((error.value.code, dict(error.value.facts)))
            assert answers == [("child_unknown", {"child": child}), ("child_unknown", {"child": 99_999})]
    assert {t.__tablename__: len(home.session.exec(select(t)).all()) for t in tables.ALL} == before


def test_a_token_does_no_more_than_its_scopes(home: Household) -> None:
    import dataclasses

    child = home.child()
    reader = dataclasses.replace(home.actor, scopes=frozenset({"child.see"}))
    assert child_page(home.session, reader, child).child.id == child
    with pytest.raises(NotAllowed):
        change_child(home.session, reader, child, child_input())


def test_what_was_changed_and_by_whom_is_kept_without_the_values(home: Household) -> None:
    child = home.child()
    change_child(home.session, home.actor, child, child_input("张大丰", school="别的小学"))
    change_child(home.session, home.actor, child, child_input("张大丰", school="别的小学"))
    save_collector(home.session, home.actor, child, SOMEBODY)
    assert [(c.what, c.by_name) for c in changes_of(home.session, child)] == [
        (what, "张三丰") for what in ("authorized_collector.added", "school", "name", "added")
    ]
    log = [str(row) for row in home.session.exec(select(AccessLog))]
    assert [
        secret for secret in ("张大丰", "张小丰", "别的小学", "李四", "13900139001") if secret in "".join(log)
    ] == []


def test_a_child_that_never_applied_can_be_removed_with_all_about_it(home: Household) -> None:
    child, sibling = home.child(), home.child("张二")
    save_collector(home.session, home.actor, child, SOMEBODY)
    save_restriction(home.session, home.actor, child, RestrictionInput("赵六"))
    invite_guardian(home.session, home.actor, child, "13900139000", "father")
    agree(home, child, ConsentItem.DATA)
    remove_child(home.session, home.actor, child)
    left = {t: len(home.session.exec(select(t)).all()) for t in (Child, Guardianship, AuthorizedCollector)}
    assert left == {Child: 1, Guardianship: 1, AuthorizedCollector: 0}
    assert [home.session.exec(select(t)).all() for t in (ConsentRecord, CollectionRestriction)] == [[], []]
    assert [c.child.id for c in family_cards(home.session, home.actor)] == [sibling]


def season_of(home: Household, child: int) -> SmallSeason:
    """A season in which the child can apply."""
    season = SmallSeason(home.session)
    season.guardian_of = {child: home.session.get_one(Guardian, home.actor.guardian_id)}
    return season


def test_a_child_that_has_applied_is_not_simply_removed(home: Household) -> None:
    child = home.child()
    season = season_of(home, child)
    season.apply(home.session.get_one(Child, child), season.class_run(3))
    with pytest.raises(Conflict, match="child_has_applied"):
        remove_child(home.session, home.actor, child)
    assert child_page(home.session, home.actor, child).may_remove is False


def test_at_most_three_collectors_each_with_a_number_of_their_own(home: Household) -> None:
    child = home.child()
    saved = [
        save_collector(home.session, home.actor, child, PersonInput(name, f"1390013900{n}", "friend"))
        for n, name in enumerate(("甲", "乙", "丙"))
    ]
    with pytest.raises(Conflict, match="too_many_people"):
        save_collector(home.session, home.actor, child, PersonInput("丁", "13900139009", "friend"))
    with pytest.raises(Invalid) as error:
        save_collector(home.session, home.actor, child, PersonInput("乙", "13900139000", "friend"), saved[1].id)
    assert problems(error) == [("phone", "person_known")]
    save_collector(home.session, home.actor, child, PersonInput("乙乙", "13900139001", "relative"), saved[1].id)
    remove_person(home.session, home.actor, AuthorizedCollector, child, saved[0].id or 0)
    page = child_page(home.session, home.actor, child)
    assert [(p.name, p.phone, p.relation) for p in page.collectors] == [
        ("乙乙", "13900139001", "relative"), ("丙", "13900139002", "friend"),
    ]  # fmt: skip
    with pytest.raises(NotFound, match="person_unknown"):
        save_collector(home.session, home.actor, child, SOMEBODY, saved[0].id)


def test_somebody_of_a_siblings_list_is_not_reached_through_the_other_child(home: Household) -> None:
    child, sibling = home.child(), home.child("张二")
    theirs = save_contact(home.session, home.actor, sibling, SOMEBODY)
    with pytest.raises(NotFound, match="person_unknown"):
        remove_person(home.session, home.actor, EmergencyContact, child, theirs.id or 0)
    with pytest.raises(Invalid) as error:
        save_contact(home.session, home.actor, child, PersonInput("<b>", "12345", ""))
    assert problems(error) == [("name", "name_malformed"), ("phone", "phone_malformed"), ("relation", "choose_one")]


def test_what_is_missing_is_told_in_the_order_in_which_it_is_done(home: Household) -> None:
    child = home.child()
    card = family_cards(home.session, home.actor)[0]
    assert (card.missing, card.unanswered, card.is_blocked) == (("consents", "contact"), 7, True)
    save_contact(home.session, home.actor, child, SOMEBODY)
    agree(home, child, ConsentItem.DATA)
    card = family_cards(home.session, home.actor)[0]
    assert (card.missing, card.unanswered, card.is_blocked) == (("consents",), 6, False)
    assert card == child_page(home.session, home.actor, child).card


def test_nobody_else_has_any_of_it(home: Household) -> None:
    """A stranger's list is empty while there is much that could be shown."""
    home.child()
    assert [family_cards(home.session, who.actor) for who in (stranger(home.session), household(home.session))] == [
        [],
        [],
    ]
    with pytest.raises(RegistryError):
        child_page(home.session, stranger(home.session).actor, 1)
