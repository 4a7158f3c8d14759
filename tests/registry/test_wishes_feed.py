"""What volunteers choose: wishes that the next problem holds, a calendar that can be ended, reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from places import code
from published import BEFORE, LI, MONDAY, PHONES, ZHANG, district, number, signed_in, told, usual
from sqlalchemy import Engine
from sqlmodel import Session, select
from town import office
from workbooks import SmallWorkbook

from api.prints.feed import feed_calendar
from registry import clock
from registry.accounts.tables import OutboxMessage
from registry.clock import SHANGHAI
from registry.db import session_scope, sessions
from registry.demo.answers import make_answers
from registry.duties.answer_tables import HandoverNote
from registry.duties.answers import answer_absent, open_absences
from registry.duties.by_link import see_link
from registry.duties.feed import choose_reminders, end_feed, hours_of, make_feed, read_feed
from registry.duties.reminders import remind
from registry.duties.wishes import Rules, Wishes, change_wishes, decide_course, offered_courses, see_wishes, set_rules
from registry.errors import Invalid
from registry.programme import Course, Site
from registry.rostering.build import problem_for_week

SUNDAY = datetime(2026, 7, 5, 18, 30, tzinfo=SHANGHAI)


@pytest.fixture(name="week")
def published_week(engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    with session_scope(engine, is_writing=True) as session:
        district(session, small)
        usual(session)
        yield session


def wished(session: Session, **changes: object) -> Wishes:
    sites = frozenset({session.exec(select(Site.id).where(Site.name == "西镇少年宫")).one() or 0})
    some = {"available": frozenset({(1, "am"), (3, "pm")}), "most": 2, "preferred": 1, "sites": sites,
            "courses": frozenset[int]()}  # fmt: skip
    return Wishes(**{**some, **changes})  # type: ignore[arg-type]


def of_problem(session: Session, name: str) -> dict[str, object]:
    who = f"v{number(session, name)}"
    return next(v for v in problem_for_week(session, MONDAY)["volunteers"] if v["id"] == who)


def test_wishes_are_what_the_next_week_is_made_with(week: Session) -> None:
    me = signed_in(week, ZHANG)
    outside = change_wishes(week, me, wished(week))
    assert outside == [(MONDAY, "noon"), (MONDAY, "pm")]  # published, and theirs until they say no
    made = of_problem(week, ZHANG)
    assert (made["available"], made["max_segments"], made["preferred_segments"]) == (["1-am"], 2, 1)
    assert len(made["preferred_sites"]) == 1  # type: ignore[arg-type]
    assert [h.part for h in see_wishes(week, me).outside] == ["noon", "pm"]


def test_a_new_course_counts_once_the_office_says_yes(week: Session) -> None:
    me, boss = signed_in(week, ZHANG), office(week)
    before = of_problem(week, ZHANG)["courses"]
    course = week.exec(select(Course.id).order_by("id")).first() or 0
    kept = see_wishes(week, me).wishes.courses
    change_wishes(week, me, wished(week, courses=kept | {course}))
    new = {course} - kept
    assert (of_problem(week, ZHANG)["courses"], see_wishes(week, me).wishes.offered) == (before, new)
    if new:
        assert [o.course_id for o, *_ in offered_courses(week, boss)] == [course]
        decide_course(week, boss, number(week, ZHANG), course, is_confirmed=True)
    assert f"k{course}" in of_problem(week, ZHANG)["courses"]  # type: ignore[operator]
    assert code(lambda: offered_courses(week, me)) == "not_allowed"


def test_wishes_that_cannot_be_are_refused_whole(week: Session) -> None:
    me = signed_in(week, ZHANG)
    before = of_problem(week, ZHANG)
    bad = wished(week, available=frozenset({(6, "am"), (1, "x")}), most=99, preferred=100, sites=frozenset({9999}),
                 courses=frozenset({9999}))  # fmt: skip
    with pytest.raises(Invalid) as wrong:
        change_wishes(week, me, bad)
    assert sorted(p.field for p in wrong.value.problems) == ["available", "courses", "most", "preferred", "sites"]
    assert of_problem(week, ZHANG) == before
    set_rules(week, office(week), Rules("", 18, 24, BEFORE.date() - timedelta(days=1)))
    assert code(lambda: change_wishes(week, me, wished(week))) == "wishes_closed"


def test_the_calendar_is_read_by_its_secret_until_it_is_ended(week: Session) -> None:
    me = signed_in(week, ZHANG)
    token = make_feed(week, me)
    answer_absent(week, me, [(MONDAY, "am")], "ill")
    calendar = Calendar.from_ical(feed_calendar(read_feed(week, token), "zh"))
    [event] = calendar.walk("VEVENT")
    starts, ends = event["DTSTART"], event["DTEND"]
    assert (starts.params["TZID"], starts.dt.hour, ends.dt.utcoffset()) == ("Asia/Shanghai", 12, timedelta(hours=8))
    assert (str(calendar.walk("VTIMEZONE")[0]["TZID"]), event["SEQUENCE"]) == ("Asia/Shanghai", 1)
    assert [phone for phone in PHONES.values() if phone in calendar.to_ical().decode()] == []
    second = make_feed(week, me)
    assert code(lambda: read_feed(week, token)) == "feed_unknown"
    end_feed(week, me)
    assert (code(lambda: read_feed(week, second)), code(lambda: read_feed(week, ""))) == ("feed_unknown",) * 2


def test_the_sample_has_an_answer_and_a_note_once(week: Session) -> None:
    sunday = MONDAY - timedelta(days=1)
    assert [make_answers(week, sunday) for _ in range(2)] == [1, 0]
    assert [(a.name, a.absence.part) for a in open_absences(week, MONDAY)] == [(LI, "am"), (LI, "noon")]
    assert (len(week.exec(select(HandoverNote)).all()), told(week)) == (1, [])


def test_hours_so_far_are_those_that_are_over(week: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    me = signed_in(week, ZHANG)
    answer_absent(week, me, [(MONDAY, "noon")], "ill")
    assert hours_of(week, me).planned == 0
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 7, 6, 20, 0, tzinfo=SHANGHAI))
    found = hours_of(week, me)
    assert (found.planned > 4, found.signed) == (True, 0.0)


def test_the_evening_before_everybody_is_reminded_once(
    engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    with session_scope(engine, is_writing=True) as session:
        district(session, small)
        usual(session)
        answer_absent(session, signed_in(session, LI), [(MONDAY, "am"), (MONDAY, "noon")], "ill")
        known = len(told(session))
    opened = sessions(engine, is_writing=True)
    for moment, count in (
        (BEFORE, 0), (SUNDAY.replace(hour=17), 0), (SUNDAY.replace(hour=22), 0), (SUNDAY, 1), (SUNDAY, 0),
    ):  # fmt: skip
        monkeypatch.setattr(clock, "now", lambda at=moment: at)
        assert remind(opened) == count
    with session_scope(engine) as session:
        [message] = session.exec(select(OutboxMessage).order_by("id")).all()[known:]
        assert (message.phone, message.code, len(message.facts["stays"])) == (PHONES[ZHANG], "duty_reminder", 1)
        assert see_link(session, message.facts["answer"]).state == "open"


def test_whoever_wants_no_reminder_gets_none(
    engine: Engine, small: SmallWorkbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: SUNDAY)
    with session_scope(engine, is_writing=True) as session:
        district(session, small)
        usual(session)
        choose_reminders(session, signed_in(session, ZHANG), is_reminded=False)
    assert remind(sessions(engine, is_writing=True)) == 1
    with session_scope(engine) as session:
        assert told(session) == [(PHONES[LI], "duty_reminder")]
