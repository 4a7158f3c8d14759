"""Coming or not, in the browser without scripts and as JSON: the own page, the link of a message, the coordinator."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from published import LI, MONDAY, PHONES, ZHANG, duty, number
from published_web import Published
from sqlmodel import select

from api.chores import Chores
from api.settings import Settings
from registry import clock
from registry.accounts.outbox import post
from registry.accounts.tables import OutboxMessage
from registry.clock import SHANGHAI
from registry.db import session_scope
from registry.duties.amend import amend

DAY = MONDAY.isoformat()


def test_the_own_page_says_yes_no_and_yes_again(week: Published) -> None:
    me = week.volunteer(ZHANG)
    page = me.get("/duties").text
    assert ("还没有回复" in page, "李老师" in page, "uri.amap.com" in page) == (True, True, True)
    assert [p for p in PHONES.values() if p in page] == []
    assert "已回复：我来" in me.post(f"/duties/{DAY}/coming").text
    gone = me.post(f"/duties/{DAY}/absent", data={"parts": ["am", "noon"], "reason": "ill", "note": "发烧"}).text
    assert ("已回复：来不了" in gone, week.count()) == (True, (1, 2))
    number_of = re.findall(r"/duties/absences/(\d+)/withdraw", gone)
    assert me.post(f"/duties/absences/{number_of[0]}/withdraw").status_code == 200
    assert week.count() == (1, 1)
    assert week.volunteer(LI).post(f"/duties/absences/{number_of[1]}/withdraw").status_code == 404
    told = me.get(f"/api/v1/duties?week={DAY}").json()
    assert [(s["parts"], s["state"]) for s in told["stays"]] == [
        (["am"], "confirmed"), (["noon"], "absent"), (["pm"], "confirmed"),
    ]  # fmt: skip


def test_bad_input_is_told_and_nothing_is_noted(week: Published) -> None:
    me = week.volunteer(ZHANG)
    nothing = me.post(f"/duties/{DAY}/absent", data={"reason": "ill"})
    odd = me.post(f"/duties/{DAY}/absent", data={"parts": "am", "reason": "<script>"})
    long = me.post(f"/duties/{DAY}/absent", data={"parts": "am", "note": "长" * 300})
    other_day = me.post("/duties/2026-07-07/absent", data={"parts": "am"})
    asked = (nothing, odd, long, other_day, me.post("/duties/x/coming"), me.post("/duties/2026-07-07/coming"))
    assert [a.status_code for a in asked] == [422, 422, 422, 404, 404, 404]
    assert ("请选一项" in nothing.text, "最多 200 个字" in long.text, week.count()) == (True, True, (0, 0))


def test_a_link_needs_no_sign_in_and_looking_changes_nothing(week: Published) -> None:
    token, anybody = week.link(ZHANG), week.stranger()
    for _ in range(2):
        page = anybody.get(f"/d/{token}")
        assert (page.status_code, "张同学，您能来吗" in page.text, week.count()) == (200, True, (0, 0))
    assert anybody.head(f"/d/{token}").status_code == 200
    assert (anybody.get(f"/d/{token}/coming").status_code, week.count()) == (405, (0, 0))
    assert page.headers["cache-control"] == "no-store"
    assert "已记下：您会来" in anybody.post(f"/d/{token}/coming").text
    assert "已记下：您会来" in anybody.post(f"/d/{token}/coming").text
    assert week.count() == (1, 0)
    no = anybody.post(f"/d/{token}/absent", data={"parts": [f"{DAY} am", f"{DAY} pm"], "reason": "ill"})
    assert ("这个链接已经用过" in no.text, week.count()) == (True, (1, 2))
    again = anybody.post(f"/d/{token}/absent", data={"parts": f"{DAY} noon"})
    assert (again.status_code, "已经用过" in again.text, week.count()) == (409, True, (1, 2))


def test_bad_links_are_refused_with_a_clear_page(week: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, others, anybody = week.link(ZHANG), week.link(LI), week.stranger()
    cut, mixed = mine[:-3], mine[:30] + others[30:]
    for bad in (cut, mixed, "x", "é", "0" * 68, "0" * 190):
        for answer in (anybody.get(f"/d/{bad}"), anybody.post(f"/d/{bad}/coming"), anybody.post(f"/d/{bad}/absent")):
            assert (answer.status_code, "这个链接不对" in answer.text) == (422, True)
    not_mine = anybody.post(f"/d/{others}/absent", data={"parts": f"{DAY} pm"})
    assert (not_mine.status_code, anybody.get(f"/d/{'0' * 999}").status_code) == (422, 422)
    with session_scope(week.engine, is_writing=True) as session:
        amend(session, MONDAY, remove=[duty(session, ZHANG, "1-pm", "assistant")], add=[])
    assert "您的排班变了" in anybody.get(f"/d/{mine}").text
    changed = anybody.post(f"/d/{mine}/coming")
    assert (changed.status_code, "变了，所以没有记下" in changed.text) == (409, True)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 7, 7, 0, 1, tzinfo=SHANGHAI))
    late = anybody.post(f"/d/{others}/coming")
    assert (late.status_code, "已经过期" in late.text, week.count()) == (422, True, (0, 0))


def test_another_sites_page_cannot_press_the_buttons(week: Published) -> None:
    token = week.link(ZHANG)
    foreign = week.stranger().post(f"/d/{token}/absent", headers={"Origin": "http://evil.example"})
    assert (foreign.status_code, week.count()) == (403, (0, 0))


def test_the_interface_answers_by_link(week: Published) -> None:
    token, anybody = week.link(ZHANG), week.stranger()
    here = f"/api/v1/duty-links/{token}"
    seen = anybody.get(here).json()
    assert (seen["state"], [p["part"] for p in seen["parts"]]) == ("open", ["am", "noon", "pm"])
    assert anybody.post(f"{here}/coming").json()["state"] == "confirmed"
    gone = anybody.post(f"{here}/absent", json={"parts": [{"day": DAY, "part": "pm"}], "reason": "study"})
    assert (gone.json()["state"], week.count()) == ("absent", (1, 1))
    assert anybody.post(f"{here}/coming").json()["error"]["code"] == "link_used"


def test_the_coordinator_sees_who_is_away_and_silent_and_notes_a_call(week: Published) -> None:
    week.volunteer(LI).post("/api/v1/duties/absent", json={"parts": [{"day": DAY, "part": "am"}], "reason": "ill"})
    boss, elsewhere = week.coordinator("东街少年宫"), week.coordinator("西镇少年宫")
    page = boss.get("/answers").text
    assert ("来不了，还没有人顶替" in page, PHONES[LI] in page, "2 人还没有回复" in page) == (True, True, True)
    assert f"/board/{DAY}" in page
    assert LI not in elsewhere.get("/answers").text
    with session_scope(week.engine) as session:
        them = number(session, ZHANG)
    assert elsewhere.post(f"/answers/{DAY}/{them}/absent", data={"parts": "am"}).status_code == 403
    assert "别人代记" in boss.post(f"/answers/{DAY}/{them}/absent", data={"parts": "am", "reason": "ill"}).text
    [day] = boss.get(f"/api/v1/answers/{DAY}").json()["days"]
    assert sorted((m["name"], m["part"]) for m in day["missing"]) == [(ZHANG, "am"), (LI, "am")]
    assert week.volunteer(LI).get("/answers").status_code == 403


def test_the_message_carries_the_link_and_the_outbox_forgets_it(week: Published) -> None:
    token = week.link(ZHANG)
    with session_scope(week.engine, is_writing=True) as session:
        facts = {"day": DAY, "stays": [{"starts": "08:30", "ends": "12:00", "site": "东街", "class_run": "一班"}]}
        post(session, PHONES[ZHANG], "duty_reminder", {**facts, "bring": "水杯", "answer": token})
    sent: list[str] = []
    chores = Chores(Settings(week.url, address="https://q.example"), week.engine)
    chores.postman._sender = lambda _phone, text: sent.append(text)
    assert chores.postman.deliver() == 1
    assert (
        f"08:30–12:00 东街 一班。请带：水杯。能来或来不了，点这里回复（不用登录）：https://q.example/d/{token}"
        in sent[0]
    )
    with session_scope(week.engine) as session:
        assert "answer" not in session.exec(select(OutboxMessage)).one().facts
