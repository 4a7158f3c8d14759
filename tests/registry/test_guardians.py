"""A second guardian: asked in by phone, let in by the child's birthday; one phone, five tries, thirty days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from households import Household, born, child_input, household, stranger
from sqlmodel import Session

from registry import clock
from registry.errors import Conflict, Invalid, NotFound
from registry.families.children import (
    change_child,
)
from registry.families.guardians import (
    INVITATION_LASTS,
    MOST_TRIES,
    accept_invitation,
    asked_of_me,
    decline_invitation,
    invitations_of,
    invite_guardian,
    withdraw_invitation,
)
from registry.families.history import changes_of
from registry.families.reads import guardians_of
from registry.families.start import join_family
from registry.families.views import child_page


@pytest.fixture
def home(session: Session) -> Household:
    return household(session)


def problems(error: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    """Fields and codes."""
    return [(problem.field, problem.code) for problem in error.value.problems]


def test_a_second_guardian_joins_with_the_childs_birthday_and_may_do_the_same(home: Household) -> None:
    child = home.child()
    other = stranger(home.session, "13900139000")
    invitation = invite_guardian(home.session, home.actor, child, "+86 139-0013-9000", "father")
    asked = asked_of_me(home.session, other.actor)
    assert [(a.child_name, a.by_name, a.invitation.relation) for a in asked] == [("张小丰", "张三丰", "father")]
    assert join_family(home.session, other.actor, invitation.id or 0, "李爸", "2001-01-01") is False
    assert join_family(home.session, other.actor, invitation.id or 0, "李爸", born(9).isoformat()) is True
    page = child_page(home.session, other.actor, child)
    assert [(g.name, g.relation, g.is_me) for g in page.guardians] == [
        ("张三丰", "mother", False), ("李爸", "father", True),
    ]  # fmt: skip
    assert [g.phone for g in page.guardians] == [f"136****{home.account.phone[-4:]}", "13900139000"]
    change_child(home.session, other.actor, child, child_input("张新名"))
    assert [(c.what, c.by_name) for c in changes_of(home.session, child)][:2] == [
        ("name", "李爸"), ("guardian.joined", "李爸"),
    ]  # fmt: skip
    assert asked_of_me(home.session, other.actor) == []


def test_a_stranger_whose_number_was_mistyped_gets_five_tries(home: Household) -> None:
    child = home.child()
    wrong = household(home.session, "陌生人", "13900139000")
    invitation = invite_guardian(home.session, home.actor, child, "13900139000", "father").id or 0
    assert [accept_invitation(home.session, wrong.actor, invitation, "2001-01-01") for _ in range(MOST_TRIES)] == (
        [False] * MOST_TRIES
    )
    with pytest.raises(NotFound, match="invitation_unknown"):
        accept_invitation(home.session, wrong.actor, invitation, born(9).isoformat())
    assert len(guardians_of(home.session, [child])[child]) == 1


def test_an_invitation_is_for_one_phone_and_is_over_once_answered_taken_back_or_old(home: Household) -> None:
    child, right = home.child(), household(home.session, "李爸", "13900139000")
    other = household(home.session, "王五")

    def invite() -> int:
        return invite_guardian(home.session, home.actor, child, "13900139000", "father").id or 0

    with pytest.raises(NotFound, match="invitation_unknown"):
        accept_invitation(home.session, other.actor, invite(), born(9).isoformat())
    decline_invitation(home.session, right.actor, invitations_of(home.session, child)[0].id or 0)
    assert invitations_of(home.session, child) == []
    withdraw_invitation(home.session, home.actor, child, invite())
    assert asked_of_me(home.session, right.actor) == []
    invite()
    old = invitations_of(home.session, child)[0]
    old.created_at = clock.now() - INVITATION_LASTS - timedelta(seconds=1)
    home.session.add(old)
    home.session.flush()
    assert (invitations_of(home.session, child), asked_of_me(home.session, right.actor)) == ([], [])


def test_a_child_has_two_guardians_at_most_those_who_are_asked_included(home: Household) -> None:
    child = home.child()
    with pytest.raises(Invalid) as error:
        invite_guardian(home.session, home.actor, child, home.account.phone, "father")
    assert problems(error) == [("phone", "own_phone")]
    invite_guardian(home.session, home.actor, child, "13900139000", "father")
    with pytest.raises(Conflict, match="guardians_complete"):
        invite_guardian(home.session, home.actor, child, "13900139001", "other")
