"""An application is begun beforehand, changed until closing, and sent once, whatever the line does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import a_round, draft, family, make_town, move, office, told

from registry import clock
from registry.accounts.permissions import Actor
from registry.accounts.tables import Role
from registry.db import session_scope
from registry.enrolment import applications
from registry.enrolment.applications import Details, begin, change
from registry.enrolment.events import history
from registry.enrolment.numbers import new_number, read_number, shown_number
from registry.enrolment.offers import withdraw
from registry.enrolment.sending import submit
from registry.enrolment.status import status_of
from registry.enrolment.tables import Application, EnrolmentRound, Wish
from registry.enrolment.wishes import add_wish, copy_wishes, move_wish, remove_wish, set_wishes
from registry.errors import Conflict, Invalid, NotFound, Refused, RegistryError
from registry.families.tables import Child, Guardian, Guardianship
from registry.privacy.consents import digest_of, record
from registry.privacy.tables import ConsentItem, ConsentText

KEY = "key-of-the-form"


def code(act: Callable[[], object]) -> str:
    """The code with which an action is refused."""
    with pytest.raises(RegistryError) as caught:
        act()
    return caught.value.code


def fields(act: Callable[[], object]) -> list[tuple[str, str]]:
    """What is wrong with which field."""
    with pytest.raises(Invalid) as caught:
        act()
    return [(problem.field, problem.code) for problem in caught.value.problems]


def wishes(session: Session, application: Application) -> list[int]:
    return [wish.class_run_id for wish in applications.wishes_of(session, application)]


def test_numbers_can_be_typed_and_every_slip_is_noticed() -> None:
    number = new_number()
    assert (len(number), read_number(shown_number(number)), number[0] != "0") == (9, number, True)
    slips = {number[:i] + d + number[i + 1 :] for i in range(9) for d in "0123456789"} - {number}
    slips |= {number[:i] + number[i + 1] + number[i] + number[i + 2 :] for i in range(8)} - {number}
    assert [slip for slip in slips if read_number(slip)] == []
    assert [read_number(text) for text in ("", "12345678", "一二三四五六七八九", "9" * 50_000, "\x00" * 9)] == [
        None
    ] * 5


def test_a_family_prepares_before_the_round_opens_and_sends_once_it_is_open(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, opens_at=clock.now() + timedelta(hours=1), closes_at=clock.now() + timedelta(hours=2))
    actor, mine = draft(session, its, runs[:2])
    assert status_of(session, mine, clock.now()).code == "draft"
    assert code(lambda: submit(session, actor, mine.number, KEY)) == "round_not_open"
    move(session, its, opens_at=clock.now())
    sent = submit(session, actor, mine.number, KEY)
    assert (sent.status, sent.number, wishes(session, sent)) == ("submitted", mine.number, runs[:2])
    assert status_of(session, sent, clock.now()).code == "received"
    assert [event.code for event in history(session, sent)] == ["sent", "begun"]
    assert told(session) == ["received"]


def test_the_same_form_sent_again_is_answered_the_same_and_another_is_told_that_it_was_sent(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, mine = draft(session, its, runs[:1])
    first = submit(session, actor, mine.number, KEY, mine.version)
    version = first.version
    for _ in range(3):
        again = submit(session, actor, mine.number, KEY, 1)
        assert (again.id, again.version) == (first.id, version)
    assert code(lambda: submit(session, actor, mine.number, "other-key")) == "already_sent"
    assert (told(session), len(session.exec(select(Application)).all())) == (["received"], 1)
    other, theirs = draft(session, its, runs[:1])
    assert code(lambda: submit(session, other, theirs.number, KEY)) == "request_key_used"


def test_a_child_has_one_application_in_a_round_however_often_it_is_begun(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, [child] = family(session)
    made = [begin(session, actor, its.id or 0, child.id or 0).number for _ in range(3)]
    assert len(set(made)) == len(session.exec(select(Application)).all()) == 1


def test_two_phones_do_not_overwrite_each_other(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs, most_seats=2)
    actor, mine = draft(session, its, runs[:2])
    seen = mine.version
    change(session, actor, mine.number, Details(seats=2), seen)
    assert code(lambda: change(session, actor, mine.number, Details(seats=1), seen)) == "changed_elsewhere"
    assert code(lambda: move_wish(session, actor, mine.number, runs[1], -1, seen)) == "changed_elsewhere"
    assert code(lambda: submit(session, actor, mine.number, KEY, seen)) == "changed_elsewhere"
    assert (mine.seats, mine.status) == (2, "draft")


def test_wishes_are_added_moved_and_taken_away(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, mine = draft(session, its, [])
    for run in (runs[0], runs[1], runs[2], runs[1]):
        add_wish(session, actor, mine.number, run)
    assert wishes(session, mine) == runs[:3]
    move_wish(session, actor, mine.number, runs[2], -1, mine.version)
    move_wish(session, actor, mine.number, runs[0], -1, mine.version)
    assert wishes(session, mine) == [runs[0], runs[2], runs[1]]
    for _ in range(2):
        remove_wish(session, actor, mine.number, runs[0])
    assert wishes(session, mine) == [runs[2], runs[1]]
    assert [wish.rank for wish in session.exec(select(Wish).order_by("rank"))] == [1, 2]


def test_only_class_runs_of_the_round_that_fit_can_be_wished(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, [runs[0], runs[1], runs[3]], most_wishes=2)
    actor, mine = draft(session, its, [])

    def problems(*ids: int) -> list[tuple[str, str]]:
        return fields(lambda: set_wishes(session, actor, mine.number, ids, None))

    assert problems(runs[2]) == problems(-1) == problems(10**30) == [("wishes", "wish_unknown")]
    assert problems(runs[3]) == [("wishes", "wish_wrong_grade")]
    assert problems(runs[0], runs[0]) == [("wishes", "wish_twice")]
    assert problems(runs[0], runs[1], runs[3]) == [("wishes", "too_many_wishes"), ("wishes", "wish_wrong_grade")]
    assert wishes(session, mine) == []
    assert fields(lambda: submit(session, actor, mine.number, KEY)) == [("wishes", "wish_needed")]


def test_what_was_sent_may_be_changed_until_closing_but_not_emptied(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, mine = draft(session, its, runs[:1])
    submit(session, actor, mine.number, KEY)
    add_wish(session, actor, mine.number, runs[1])
    assert [event.code for event in history(session, mine)] == ["wishes_changed", "sent", "begun"]
    remove_wish(session, actor, mine.number, runs[0])
    assert fields(lambda: remove_wish(session, actor, mine.number, runs[1])) == [("wishes", "wish_needed")]
    move(session, its, closes_at=clock.now())
    assert code(lambda: add_wish(session, actor, mine.number, runs[0])) == "round_closed"
    assert code(lambda: change(session, actor, mine.number, Details(), None)) == "round_closed"
    assert (mine.status, wishes(session, mine)) == ("submitted", [runs[1]])
    assert status_of(session, mine, clock.now()).code == "in_draw"


def test_a_draft_is_not_sent_after_closing(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, mine = draft(session, its, runs[:1])
    move(session, its, closes_at=clock.now())
    assert code(lambda: submit(session, actor, mine.number, KEY)) == "round_closed"
    assert (mine.status, status_of(session, mine, clock.now()).code) == ("draft", "draft_missed")


def test_details_that_were_forged_are_refused_each_at_its_field(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, mine = draft(session, its, runs[:1])

    def problems(**given: object) -> list[tuple[str, str]]:
        return fields(lambda: change(session, actor, mine.number, Details(**given), None))  # type: ignore[arg-type]

    assert problems(weekdays=()) == problems(weekdays=(1, 6)) == [("weekdays", "choose_one")]
    assert problems(seats=2) == problems(seats=0) == [("seats", "out_of_range")]
    assert problems(group="office") == problems(group="x" * 50_000) == [("group", "choose_one")]
    for key in ("", "short", "x" * 50_000, "钥匙" * 8, "key\x00key\x00"):
        assert fields(lambda key=key: submit(session, actor, mine.number, key)) == [  # type: ignore[misc]
            ("request_key", "request_key_malformed")
        ]
    assert (mine.status, mine.weekdays, mine.seats, mine.group_code) == ("draft", [1, 2, 3, 4, 5], 1, None)


def test_a_claim_is_kept_unverified_and_another_one_has_to_be_verified_anew(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, mine = draft(session, its, runs[:1])
    change(session, actor, mine.number, Details(weekdays=(3, 1, 3), group="both_working"), None)
    assert (mine.weekdays, mine.group_code, mine.group_status) == ([1, 3], "both_working", "claimed")
    mine.group_status, mine.group_verified_by = "verified", "王一"
    change(session, actor, mine.number, Details(weekdays=(1,), group="both_working"), None)
    assert (mine.group_status, mine.group_verified_by) == ("verified", "王一")
    change(session, actor, mine.number, Details(group="left_behind"), None)
    assert (mine.group_status, mine.group_verified_by) == ("claimed", "")
    change(session, actor, mine.number, Details(), None)
    assert (mine.group_code, mine.group_status) == (None, "none")


def consent_text(session: Session, item: ConsentItem, *, is_required: bool) -> None:
    session.add(
        ConsentText(item=item.value, version=99, zh="同意吗", en="Agreed?", digest=digest_of("同意吗", "Agreed?"),
                    is_required=is_required, valid_from=clock.today())
    )  # fmt: skip
    session.flush()


def test_consents_are_asked_before_an_application_is_sent(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    consent_text(session, ConsentItem.DATA, is_required=True)
    consent_text(session, ConsentItem.PUBLIC_PHOTO, is_required=False)
    actor, [child] = family(session, consents=False)
    mine = begin(session, actor, its.id or 0, child.id or 0)
    set_wishes(session, actor, mine.number, runs[:1], None)

    def answer(**given: bool) -> None:
        record(session, child.id or 0, actor.guardian_id or 0, {ConsentItem(i): yes for i, yes in given.items()})

    def missing() -> object:
        with pytest.raises(Refused) as caught:
            submit(session, actor, mine.number, KEY)
        return caught.value.code, caught.value.facts["items"]

    first = missing()
    assert first[0] == "consents_missing"  # type: ignore[index]
    assert {"data", "public_photo"} <= set(first[1])  # type: ignore[index]
    from registry.privacy.consents import texts_now

    answer(**{item.value: True for item in texts_now(session) if item not in ("data", "public_photo")})
    answer(data=False)
    assert missing() == ("consents_missing", ["data", "public_photo"])
    answer(data=True)
    answer(public_photo=False)  # refusing photos never blocks
    assert submit(session, actor, mine.number, KEY).status == "submitted"


def test_to_others_an_application_does_not_exist(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    _, mine = draft(session, its, runs[:1])
    stranger, [child] = family(session)
    west = office(session, Role.SITE_COORDINATOR, site_id=2)
    for actor in (stranger, west, office(session)):
        for act in (
            lambda a: submit(session, a, mine.number, KEY),
            lambda a: add_wish(session, a, mine.number, runs[1]),
            lambda a: change(session, a, mine.number, Details(), None),
            lambda a: withdraw(session, a, mine.number),
        ):
            assert code(lambda a=actor, act=act: act(a)) == "application_unknown"  # type: ignore[misc]
        assert code(lambda a=actor: begin(session, a, its.id or 0, mine.child_id)) == "child_unknown"  # type: ignore[misc]
    unknown = "123456782" if read_number("123456782") else new_number()
    assert code(lambda: applications.find(session, stranger, unknown)) == "application_unknown"
    assert code(lambda: begin(session, stranger, its.id or 0, 10**30)) == "child_unknown"
    assert code(lambda: begin(session, stranger, 10**30, child.id or 0)) == "round_unknown"
    assert (mine.status, wishes(session, mine)) == ("draft", runs[:1])


def second_guardian(session: Session, child: Child) -> Actor:
    actor, _ = family(session, "另一个孩子")
    session.add(
        Guardianship(child_id=child.id or 0, guardian_id=actor.guardian_id or 0, relation="father",
                     created_at=clock.now())
    )  # fmt: skip
    session.flush()
    return actor


def test_both_guardians_of_a_child_have_the_same_application_and_hear_of_it(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    _, mine = draft(session, its, runs[:1])
    father = second_guardian(session, session.get_one(Child, mine.child_id))
    assert begin(session, father, its.id or 0, mine.child_id).number == mine.number
    submit(session, father, mine.number, KEY)
    assert told(session) == ["received", "received"]


def test_a_siblings_wishes_are_copied_with_the_class_of_the_right_grade(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, [younger, elder] = family(session, "张一诺", "张一鸣")
    elder.entry_year = 2023
    first = begin(session, actor, its.id or 0, younger.id or 0)
    set_wishes(session, actor, first.number, runs[:2], None)
    second = begin(session, actor, its.id or 0, elder.id or 0)
    assert [child.name for _, child in applications.siblings(session, second)] == ["张一诺"]
    _, left_out = copy_wishes(session, actor, second.number, first.number)
    assert (wishes(session, second), left_out) == ([runs[3]], 1)
    stranger, theirs = draft(session, its, [])
    assert code(lambda: copy_wishes(session, stranger, theirs.number, first.number)) == "application_unknown"


def test_who_withdraws_may_begin_again_with_the_same_number_while_the_round_is_open(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, mine = draft(session, its, runs[:1])
    submit(session, actor, mine.number, KEY)
    withdraw(session, actor, mine.number)
    assert withdraw(session, actor, mine.number).status == "withdrawn"
    assert status_of(session, mine, clock.now()).code == "withdrawn"
    assert code(lambda: submit(session, actor, mine.number, "another-key")) == "already_sent"
    again = begin(session, actor, its.id or 0, mine.child_id)
    assert (again.number, again.status) == (mine.number, "draft")
    assert submit(session, actor, mine.number, "another-key").status == "submitted"
    withdraw(session, actor, mine.number)
    move(session, its, closes_at=clock.now())
    assert code(lambda: begin(session, actor, its.id or 0, mine.child_id)) == "round_closed"


def test_a_guardian_without_a_row_has_no_applications(engine: Engine) -> None:
    with session_scope(engine) as session:
        boss = office(session)
        assert applications.of_family(session, boss) == []
        assert session.exec(select(Guardian)).all() == []


def test_nobody_begins_in_a_round_that_is_not_announced(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, [child] = family(session)
    move(session, its, announced_at=None)  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="round_unknown"):
        begin(session, actor, its.id or 0, child.id or 0)
    assert session.exec(select(EnrolmentRound.announced_at)).one() is None


def test_a_round_that_is_called_off_takes_nothing(session: Session) -> None:
    runs = make_town(session)
    its = a_round(session, runs)
    actor, mine = draft(session, its, runs[:1])
    move(session, its, cancelled_at=clock.now())
    with pytest.raises(Conflict, match="round_cancelled"):
        submit(session, actor, mine.number, KEY)
    assert status_of(session, mine, clock.now()).code == "round_cancelled"
