"""Every child is in exactly one state all day, whoever marks, how often, from how many phones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from homes import home
from hypothesis import given, settings
from hypothesis import strategies as st
from rolls import Roll
from sqlalchemy import Engine
from sqlmodel import Session, select

from registry import clock
from registry.attendance.collectors import collectors_of
from registry.attendance.days import close_day, close_site, count_heads, reopen_day, site_day
from registry.attendance.family import delegate, report, today_of
from registry.attendance.marks import MarkInput, mark_child
from registry.attendance.page import day_page, my_classes, note_seen
from registry.attendance.roll import roll
from registry.attendance.states import GONE, HERE, UNACCOUNTED, Mark, State, may_follow, state_of
from registry.attendance.tables import AttendanceEvent, PickupDelegation
from registry.db import session_scope
from registry.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, RegistryError
from registry.families.tables import AuthorizedCollector, Child
from registry.privacy.tables import AccessLog


@pytest.fixture
def there(session: Session, monkeypatch: pytest.MonkeyPatch) -> Roll:
    return Roll(session, monkeypatch)


def state(there: Roll) -> State:
    return next(one.state for one in roll(there.session, there.run, there.day) if one.child.id == there.child)


def code_of(error: pytest.ExceptionInfo[RegistryError]) -> str:
    return error.value.code


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.sampled_from(Mark), max_size=25))
def test_any_marks_leave_a_child_in_exactly_one_state(marks: list[Mark]) -> None:
    """Whatever is tried, those marks that are taken lead to one state, and taking all back leads to the beginning."""
    numbers, events = count(1), []
    before: list[State] = []
    for mark in marks:
        state = state_of(events)
        assert sum(state in group for group in ({State.EXPECTED, State.ABSENT, State.LATE}, HERE, GONE)) == 1
        if mark is Mark.UNDO and before:
            held = [e for e in events if e.kind != "undo" and e.id not in {u.undoes_id for u in events}]
            events.append(_event(next(numbers), mark, held[-1].id))
            assert state_of(events) is before.pop()
        elif may_follow(state, mark):
            events.append(_event(next(numbers), mark))
            before.append(state)
            assert state_of(events) is not state or mark in (Mark.ABSENT, Mark.LATE)
    while before:
        held = [e for e in events if e.kind != "undo" and e.id not in {u.undoes_id for u in events}]
        events.append(_event(next(numbers), Mark.UNDO, held[-1].id))
        before.pop()
    assert state_of(events) is State.EXPECTED


def _event(number: int, mark: Mark, undoes: int | None = None) -> AttendanceEvent:
    now = clock.now()
    return AttendanceEvent(id=number, day_id=1, child_id=1, number=number, kind=mark.value, key=str(number), at=now,
                           recorded_at=now, source="phone", undoes_id=undoes)  # fmt: skip


def test_a_day_from_sign_in_to_sign_out(there: Roll) -> None:
    assert state(there) is State.EXPECTED
    came = there.mark("check_in", remark="流鼻涕").event
    assert came is not None
    there.session.expire(came)
    assert (came.remark, came.at, state(there)) == ("流鼻涕", there.at(9), State.PRESENT)
    there.mark("step_out")
    there.mark("return")
    there.at(17, 12)
    left = there.mark("collected", collector=there.guardian).event
    assert left is not None
    assert (left.collector_name, left.collector_relation, left.verified) == ("刘桂兰", "grandparent", "known")
    [today] = today_of(there.session, there.home.parent, there.child)
    assert (today.state, today.arrived_at, today.left_at) == (State.COLLECTED, there.at(9), there.at(17, 12))
    assert (today.collected_by, today.relation) == ("刘桂兰", "grandparent")


def test_the_same_mark_twice_is_once(there: Roll) -> None:
    first = there.mark("check_in", key="one")
    again = there.mark("check_in", key="one")
    assert (first.is_new, again.is_new, again.event) == (True, False, first.event)
    with pytest.raises(Conflict) as error:
        there.mark("step_out", key="one")
    assert code_of(error) == "key_used"


def test_a_sign_out_without_sign_in_is_refused(there: Roll) -> None:
    with pytest.raises(Conflict) as error:
        there.mark("collected", collector=there.guardian)
    assert code_of(error) == "not_signed_in"
    there.mark("check_in")
    with pytest.raises(Conflict) as error:
        there.mark("check_in")
    assert (code_of(error), error.value.facts["state"]) == ("mark_impossible", "present")


def test_undo_takes_the_last_mark_back_as_a_new_event(there: Roll) -> None:
    there.mark("check_in")
    there.mark("collected", collector=there.guardian)
    there.mark("undo")
    assert state(there) is State.PRESENT
    there.mark("undo")
    assert state(there) is State.EXPECTED
    with pytest.raises(Conflict) as error:
        there.mark("undo")
    assert code_of(error) == "nothing_to_undo"
    assert [e.kind for e in there.session.exec(select(AttendanceEvent).order_by("id"))] == [
        "check_in", "collected", "undo", "undo",
    ]  # fmt: skip


def test_a_child_of_another_class_is_refused(there: Roll) -> None:
    stranger = home(there.session, status=None, name="别的孩子")
    with pytest.raises(Refused) as error:
        there.mark("check_in", child_id=stranger.id)
    assert code_of(error) == "child_not_in_class"


def test_a_forbidden_collector_is_refused_and_only_the_lead_is_told(there: Roll) -> None:
    there.session.add(AuthorizedCollector(child_id=there.child, name="赵 六", phone="13900009999", relation="other"))
    there.session.flush()
    helper = there.volunteer()
    there.mark("check_in", helper)
    wanted = next(c.reference for c in collectors_of(there.session, there.child, there.day) if "赵" in c.name)
    with pytest.raises(Refused) as told:
        there.mark("collected", collector=wanted)
    with pytest.raises(Refused) as untold:
        there.mark("collected", helper, collector=wanted)
    assert (code_of(told), code_of(untold)) == ("collector_forbidden", "collector_refused")
    assert told.value.denied is not None and told.value.denied.subject_id == there.child
    assert state(there) is State.PRESENT
    assert day_page(there.session, there.lead, there.run, there.day).lines[0].forbidden == ("赵六（有保护令）",)
    assert day_page(there.session, helper, there.run, there.day).lines[0].forbidden == ()
    assert day_page(there.session, there.coordinator, there.run, there.day).lines[0].forbidden == ()


def test_health_is_shown_on_the_page_and_each_look_is_kept(there: Roll) -> None:
    helper = there.volunteer()
    page = day_page(there.session, helper, there.run, there.day)
    assert page.lines[0].health == "对花生严重过敏"
    note_seen(there.session, helper, page)
    note_seen(there.session, helper, page)
    kept = there.session.exec(select(AccessLog).where(AccessLog.action == "attendance.health")).all()
    assert [(line.account_id, line.subject_id) for line in kept] == [(helper.account_id, there.child)]


def test_a_code_works_once_today_and_for_five_tries(there: Roll) -> None:
    made, code = delegate(there.session, there.home.parent, there.child, there.day, "孙叔叔", "other")
    assert code not in made.code_hash
    there.mark("check_in")
    wrong = "000000" if code != "000000" else "111111"
    answer = there.mark("collected", collector=f"delegation:{made.id}", code=wrong)
    assert answer.problem is not None
    assert (answer.problem.code, answer.problem.facts["n"]) == ("pickup_code_wrong", 4)
    done = there.mark("collected", collector=f"delegation:{made.id}", code=code)
    assert (done.state, done.event and done.event.verified) == (State.COLLECTED, "code")
    there.mark("undo")
    with pytest.raises(Invalid):
        there.mark("collected", collector=f"delegation:{made.id}", code=code)
    other, code = delegate(there.session, there.home.parent, there.child, there.day, "钱阿姨", "other")
    for _ in range(5):
        there.mark("collected", collector=f"delegation:{other.id}", code=wrong)
    answer = there.mark("collected", collector=f"delegation:{other.id}", code=code)
    assert answer.problem is not None and answer.problem.code == "pickup_code_over"
    assert there.session.get_one(PickupDelegation, other.id).tries == 5


def test_nobody_makes_a_code_for_who_is_forbidden(there: Roll) -> None:
    with pytest.raises(Invalid) as error:
        delegate(there.session, there.home.parent, there.child, there.day, "赵六", "other")
    assert error.value.problems[0].code == "collector_forbidden"  # type: ignore[attr-defined]


def test_younger_children_never_leave_alone(there: Roll) -> None:
    there.mark("check_in")
    child = there.session.get_one(Child, there.child)
    child.born_on = there.day.replace(year=there.day.year - 7)
    with pytest.raises(Refused) as error:
        there.mark("left_alone")
    assert code_of(error) == "alone_too_young"
    child.born_on = there.day.replace(year=there.day.year - 9)
    with pytest.raises(Refused) as error:
        there.mark("left_alone")
    assert code_of(error) == "alone_not_agreed"


def test_a_day_with_an_unaccounted_child_cannot_be_closed(there: Roll) -> None:
    there.mark("check_in")
    with pytest.raises(Conflict) as error:
        close_day(there.session, there.lead, there.run, there.day)
    assert (code_of(error), error.value.facts["children"]) == ("day_unaccounted", [there.child])
    there.mark("collected", collector=there.guardian)
    close_day(there.session, there.lead, there.run, there.day)
    with pytest.raises(Conflict) as error:
        there.mark("undo")
    assert code_of(error) == "day_closed"
    with pytest.raises(NotAllowed):
        reopen_day(there.session, there.lead, there.run, there.day, "记错")
    with pytest.raises(Invalid):
        reopen_day(there.session, there.coordinator, there.run, there.day, " ")
    reopen_day(there.session, there.coordinator, there.run, there.day, "记错了接走的人")
    assert there.mark("undo").state is State.PRESENT


def test_a_site_closes_as_a_whole(there: Roll) -> None:
    there.mark("check_in")
    with pytest.raises(Conflict) as error:
        close_site(there.session, there.coordinator, there.site, there.day)
    assert (code_of(error), error.value.facts["n"]) == ("site_unaccounted", 1)
    there.mark("collected", collector=there.guardian)
    assert close_site(there.session, there.coordinator, there.site, there.day) == 2
    assert all(line.is_closed for line in site_day(there.session, there.office, there.site, there.day))


def test_head_counts_stand_beside_those_who_are_there(there: Roll) -> None:
    there.mark("check_in")
    made = count_heads(there.session, there.lead, there.run, there.day, 2, "heads")
    assert (made.counted, made.present) == (2, 1)
    assert count_heads(there.session, there.lead, there.run, there.day, 2, "heads").id == made.id


def test_clocks_that_disagree_are_flagged_and_nothing_is_lost(there: Roll) -> None:
    now = there.at(9, 30)
    waited = there.mark("check_in", device_at=now - timedelta(hours=1), sent_at=now)
    assert waited.event is not None
    assert (waited.event.at, waited.event.is_skewed) == (now - timedelta(hours=1), False)
    fast = now + timedelta(hours=3)
    out = there.mark("step_out", device_at=fast - timedelta(minutes=10), sent_at=fast)
    assert out.event is not None
    assert (out.event.at, out.event.is_skewed) == (now - timedelta(minutes=10), True)


def test_families_report_and_the_report_is_over_once_the_child_came(there: Roll) -> None:
    family = there.home.parent
    assert report(there.session, family, there.child, there.run, there.day, "absent").state is State.ABSENT
    assert not report(there.session, family, there.child, there.run, there.day, "absent").is_new
    assert report(there.session, family, there.child, there.run, there.day, "coming").state is State.EXPECTED
    assert report(there.session, family, there.child, there.run, there.day, "late").state is State.LATE
    ahead = there.day + timedelta(days=1)
    assert report(there.session, family, there.child, there.run, ahead, "absent").state is State.ABSENT
    there.mark("check_in")
    with pytest.raises(Conflict):
        report(there.session, family, there.child, there.run, there.day, "absent")
    stranger = home(there.session, name="别的孩子")
    with pytest.raises(NotFound):
        report(there.session, stranger.parent, there.child, there.run, ahead, "absent")
    with pytest.raises(Refused):
        report(there.session, family, there.child, there.run, there.day + timedelta(days=5), "absent")


def test_only_those_who_look_after_the_class_today_may_mark(there: Roll) -> None:
    helper = there.volunteer()
    assert [run.id for run, _ in my_classes(there.session, helper)] == [there.run]
    there.mark("check_in", helper)
    for other in (there.volunteer(role=None), there.home.parent):
        with pytest.raises((NotFound, NotAllowed)):
            there.mark("step_out", other)
    with pytest.raises(NotAllowed) as error:
        there.mark("step_out", there.volunteer(is_cleared=False))
    assert code_of(error) == "clearance_needed"
    there.at(9, day=there.day + timedelta(days=1))
    with pytest.raises(NotFound):
        there.mark("collected", helper, collector=there.guardian)
    assert there.mark("collected", there.coordinator, collector=there.guardian).state is State.COLLECTED


def test_two_phones_at_once_make_one_state(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with session_scope(engine, is_writing=True) as session:
        there = Roll(session, monkeypatch)
        run, day, child, lead, guardian = there.run, there.day, there.child, there.lead, there.guardian
        there.mark("check_in")

    def leave(number: int) -> str:
        entered = MarkInput(child, "collected", f"phone {number}", collector=guardian)
        try:
            with session_scope(engine, is_writing=True) as session:
                mark_child(session, lead, run, day, entered)
        except Conflict as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(6) as phones:
        answers = sorted(phones.map(leave, range(6)))
    assert answers == ["done", *["mark_impossible"] * 5]
    with session_scope(engine) as session:
        assert {one.state for one in roll(session, run, day)} == {State.COLLECTED}
        assert UNACCOUNTED.isdisjoint(one.state for one in roll(session, run, day))
