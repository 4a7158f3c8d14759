"""What volunteers do themselves, in the browser without scripts and as JSON: places, swaps, wishes, calendar, hours."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from html import unescape

from icalendar import Calendar
from published import LI, MONDAY, PHONES, WANG, ZHANG, ZHAO, duty, now_rostered, number
from published_web import Published
from sqlmodel import select

from registry.accounts.tables import OutboxMessage
from registry.attendance.tables import ServiceStay
from registry.clock import SHANGHAI
from registry.db import session_scope
from registry.people import Volunteer

DAY = MONDAY.isoformat()


def rostered(week: Published) -> set[tuple[str, ...]]:
    with session_scope(week.engine) as session:
        return now_rostered(session)


def test_an_open_place_is_seen_and_taken_once(week: Published) -> None:
    me, other = week.volunteer(ZHAO), week.volunteer(WANG)
    page = me.get("/duties/open").text
    rows = [json.loads(unescape(row)) for row in re.findall(r'name="place" value="([^"]*)"', page)]
    place = next(r for r in rows if r.get("segment") == "1-pm")
    assert [phone for phone in PHONES.values() if phone in page] == []
    assert "已回复" not in me.post(f"/duties/open/{DAY}", data={"place": json.dumps(place)}).text
    assert (ZHAO, "1", "pm", "assistant") in rostered(week)
    late = other.post(f"/api/v1/duties/open/{DAY}", json={"entry": {**place, "role": "assistant"}})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "place_taken")
    for bad in ("", "[]", "{", '{"slot": 1}', json.dumps({**place, "class": "c9"})):
        assert me.post(f"/duties/open/{DAY}", data={"place": bad}).status_code == 422
    told = me.get(f"/api/v1/duties/open/{DAY}").json()
    assert place not in [p["entry"] for p in told["places"]]
    assert week.coordinator("东街少年宫").get("/duties/open").status_code == 403


def test_the_rules_against_a_place_are_named(week: Published) -> None:
    with session_scope(week.engine) as session:
        row = duty(session, WANG, "1-am", "lead", run=2)
        person = session.get_one(Volunteer, number(session, WANG))
        person.reach_km = 0.1
        session.add(person)
    me = week.volunteer(WANG)
    refused = me.post(f"/duties/open/{DAY}", data={"place": json.dumps(row)})
    assert (refused.status_code, "规则不允许：" in refused.text, "太远" in refused.text) == (409, True, True)
    assert "规则不允许您去" in me.get("/duties/open").text


def test_a_swap_goes_from_page_to_link_to_roster(week: Published) -> None:
    me, other, third = week.volunteer(LI), week.volunteer(WANG), week.volunteer(ZHAO)
    with session_scope(week.engine) as session:
        taker = number(session, WANG)
    here = f"/duties/swap/{DAY}/1"
    page = me.get(f"{here}?parts=am").text
    assert (WANG in page, ZHAO in page, PHONES[WANG] in page) == (True, False, False)
    assert f"向 {WANG} 提出" in me.get(f"{here}?parts=am&to={taker}").text
    assert third.get(f"{here}?parts=am").status_code == 404
    sent = me.post(here, data={"parts": "am", "to": str(taker), "back": ""})
    assert ("等对方回复" in sent.text, "等对方回复" in other.get("/duties").text) == (True, True)
    assert me.post(here, data={"parts": "am", "to": str(taker)}).status_code == 409
    with session_scope(week.engine) as session:
        token = session.exec(select(OutboxMessage)).one().facts["swap"]
    anybody = week.stranger()
    assert f"{LI} 想和您换班" in anybody.get(f"/d/swap/{token}").text
    assert (LI, "1", "am", "lead") in rostered(week)  # looking changes nothing
    assert anybody.get(f"/d/{token}").status_code == 422  # one purpose
    assert anybody.post(f"/d/swap/{week.link(WANG)}/accept").status_code == 422
    assert "已接受" in anybody.post(f"/d/swap/{token}/accept").text
    assert anybody.post(f"/d/swap/{token}/decline").status_code == 409
    assert (WANG, "1", "am", "lead") in rostered(week)


def test_the_interface_swaps_and_takes_back(week: Published) -> None:
    me, other = week.volunteer(LI), week.volunteer(WANG)
    able = me.get(f"/api/v1/duties/swaps/colleagues/{DAY}/1?parts=noon").json()
    assert [c["name"] for c in able] == [WANG]
    wanted = {"day": DAY, "class_run": 1, "parts": ["noon"], "to": able[0]["volunteer"]}
    made = me.post("/api/v1/duties/swaps", json=wanted).json()
    assert (made["status"], made["is_mine"], [s["id"] for s in other.get("/api/v1/duties/swaps").json()]) == (
        "offered", True, [made["id"]],
    )  # fmt: skip
    assert other.delete(f"/api/v1/duties/swaps/{made['id']}").status_code == 404
    assert me.delete(f"/api/v1/duties/swaps/{made['id']}").json()["status"] == "withdrawn"
    late = other.post(f"/api/v1/duties/swaps/{made['id']}/answer", json={"accepts": True})
    assert (late.status_code, (LI, "1", "noon", "lead") in rostered(week)) == (409, True)


def test_wishes_are_kept_and_bad_ones_come_back(week: Published) -> None:
    me = week.volunteer(ZHANG)
    good = {"available": ["1-am", "2-pm"], "most": "4", "preferred": "2", "sites": ["1"], "courses": ["2"]}
    saved = me.post("/duties/wishes", data=good).text
    assert ("已保存" in saved, "等确认" in saved, "不在您能来的时间里" in saved) == (True, True, True)
    bad = me.post("/duties/wishes", data={**good, "available": ["9-x"], "most": "-1", "preferred": "<b>"})
    assert (bad.status_code, "&lt;b&gt;" in bad.text) == (422, True)
    told = me.get("/api/v1/duties/wishes").json()
    assert (told["available"], told["most"], told["sites"]) == ([[1, "am"], [2, "pm"]], 4, [1])
    assert me.put("/api/v1/duties/wishes", json={**told, "most": 3}).json()["changed"] == 2
    assert me.get("/api/v1/duties/wishes").json()["most"] == 3


def test_a_number_out_of_range_is_told_the_range_that_there_is(week: Published) -> None:
    page = week.volunteer(ZHANG).post("/duties/wishes", data={"most": "99999", "preferred": "16"}).text
    assert (page.count("请填 0 到 15"), "0 到 99999" in page) == (2, False)


def test_hours_are_one_figure_on_every_page(week: Published) -> None:
    """Signed on the Thursday before, 3.5 hours; nothing of what is published is over."""
    with session_scope(week.engine, is_writing=True) as session:
        who, came = number(session, ZHANG), datetime(2026, 7, 2, 8, 30, tzinfo=SHANGHAI)
        session.add(ServiceStay(volunteer_id=who, site_id=1, day=came.date(), key="k", came_at=came,
                                recorded_at=came, left_at=came + timedelta(hours=3, minutes=30)))  # fmt: skip
    me = week.volunteer(ZHANG)
    told = [re.findall(r"记(?:下|) ?(\d+\.\d) 小时", me.get(path).text) for path in ("/duties/calendar", "/attendance")]
    assert told == [["3.5"], ["3.5"]]
    assert "从签到到签退，路上的时间不算" in me.get("/duties/calendar").text


def test_dates_are_told_and_taken_back(week: Published) -> None:
    me, boss = week.volunteer(ZHANG), week.office()
    here, interface, form = "/duties/dates", "/api/v1/duties/dates", {"first": DAY, "parts": ["am"], "comes": "no"}
    saved = me.post(here, data=form).text
    assert ("记下了" in saved, "来不了：</b>上午" in saved, "去告诉负责人" in saved) == (True, True, True)
    bad = me.post(here, data={"first": "<b>", "last": "x", "comes": "no"})
    assert (bad.status_code, "&lt;b&gt;" in bad.text, 'class="problem"' in bad.text) == (422, True, True)
    assert me.get(interface).json() == [{"day": DAY, "away": ["am"], "comes": [], "published": ["am"]}]
    boss.post(f"/board/{DAY}")
    assert "说了这天来不了" in boss.get(f"/board/{DAY}/sites/s1?by=volunteer").text
    assert "还没有。您每周" in me.post(f"{here}/{DAY}/remove").text
    assert me.post(f"{here}/{DAY}/remove").status_code == 404
    assert me.post(interface, json={"first": DAY, "parts": ["am", "pm"], "comes": True}).json() == {"changed": 2}
    assert me.delete(f"{interface}/{DAY}").json() == {"changed": 1}
    assert me.post(interface, json={"first": DAY, "parts": []}).status_code == 422


def test_the_calendar_needs_no_sign_in_but_its_address(week: Published) -> None:
    me, anybody = week.volunteer(ZHANG), week.stranger()
    page = me.post("/duties/calendar").text
    found = re.search(r"http://testserver(/d/calendar/[^<]+\.ics)", page)
    assert found
    answer = anybody.get(found[1])
    assert (answer.headers["content-type"].startswith("text/calendar"), answer.headers["cache-control"]) == (
        True, "private, no-store",
    )  # fmt: skip
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event["DTSTART"].dt.isoformat(), event["DTSTART"].params["TZID"]) == (
        f"{DAY}T08:30:00+08:00", "Asia/Shanghai",
    )  # fmt: skip
    assert found[1] not in me.get("/duties/calendar").text
    me.post("/duties/calendar/end")
    assert (anybody.get(found[1]).status_code, anybody.get("/d/calendar/x.ics").status_code) == (404, 404)


def test_reminders_and_hours_are_the_volunteers_own(week: Published) -> None:
    me = week.volunteer(ZHANG)
    assert "您选了不要提醒" in me.post("/duties/reminders", data={"wanted": "no"}).text
    told = me.get("/api/v1/duties/choices").json()
    assert (told["is_reminded"], told["has_calendar"], told["since"]) == (False, False, "2026-01-01")
    me.put("/api/v1/duties/choices/reminders", json={"is_reminded": True})
    assert me.get("/api/v1/duties/choices").json()["is_reminded"] is True
    assert me.post("/api/v1/duties/choices/calendar").json()["path"].startswith("/d/calendar/")
    assert me.delete("/api/v1/duties/choices/calendar").json()["changed"] == 1


def test_the_office_sets_the_terms_and_confirms_a_course(week: Published) -> None:
    me, boss = week.volunteer(ZHANG), week.office()
    me.post("/duties/wishes", data={"available": ["1-am"], "most": "4", "preferred": "2", "courses": ["1", "2", "3"]})
    page = boss.get("/office/volunteering").text
    offered = re.findall(r'action="(/office/volunteering/\d+/\d+)"', page)
    assert offered and ZHANG in page
    boss.post(offered[0], data={"answer": "yes"})
    assert offered[0] not in boss.get("/office/volunteering").text
    assert boss.post(offered[0], data={"answer": "yes"}).status_code == 404
    form = {"reminder_hour": "19", "swap_hours": "12", "wishes_until": "2026-07-01", "bring": "水杯"}
    assert "已保存" in boss.post("/office/volunteering", data=form).text
    bad = boss.post("/office/volunteering", data={**form, "reminder_hour": "3", "swap_hours": "x", "bring": "长" * 300})
    assert (bad.status_code, bad.text.count('class="problem"')) == (422, 3)
    assert boss.post("/office/volunteering", data={**form, "wishes_until": "x"}).status_code == 422
    told = boss.get("/api/v1/office/volunteering").json()
    assert (told["reminder_hour"], told["swap_hours"], told["bring"]) == (19, 12, "水杯")
    assert "已经截止" in me.get("/duties/wishes").text
    assert me.put("/api/v1/duties/wishes", json=me.get("/api/v1/duties/wishes").json()).status_code == 409
    assert me.get("/office/volunteering").status_code == 403
