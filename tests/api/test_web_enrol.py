"""The pages of enrolment: from the first visit to the receipt and beyond, without JavaScript; what nobody may see."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlmodel import col, select
from visits import Visit, choose, first_line, hidden, send

from registry import clock
from registry.db import session_scope
from registry.enrolment.tables import Application, Place


def test_a_family_goes_from_the_rules_to_the_receipt(visit: Visit) -> None:
    its = visit.round(most_wishes=2)
    _, [child], browser = visit.family("张一诺")
    page = browser.get(f"/enrol/rounds/{its}")
    assert ("张一诺" in page.text, "西镇少年宫" in page.text, "3-4年级班" in page.text) == (True, True, True)
    number = choose(browser, its, child.id or 0, visit.runs[1], visit.runs[0])
    page = browser.get(f"/enrol/applications/{number}/wishes")
    assert ("3-4年级班" in page.text, page.text.count("加入志愿</button>")) == (False, 0)  # the list is full
    browser.post(
        f"/enrol/applications/{number}/wishes",
        data={"do": "up", "class_run": visit.runs[0], "version": hidden(page, "version")},
    )
    assert visit.wishes() == [visit.runs[0], visit.runs[1]]
    page = send(browser, number, group="both_working", weekdays=[1, 3])
    assert (page.url.path, page.status_code) == (f"/enrol/applications/{number}/receipt", 200)
    assert f"{number[:3]} {number[3:6]} {number[6:]}" in page.text
    [mine] = visit.rows(Application)
    assert (mine.status, mine.weekdays, mine.group_code, mine.group_status) == (
        "submitted", [1, 3], "both_working", "claimed",
    )  # fmt: skip
    assert first_line(browser.get(f"/enrol/applications/{number}")).startswith("已收到")
    page = browser.get("/enrol?lang=en")
    assert "Received. You may change it until" in page.text


def test_pressing_send_again_leads_to_the_same_receipt(visit: Visit) -> None:
    its = visit.round(mode="first_come")
    _, [child], browser = visit.family()
    number = choose(browser, its, child.id or 0, visit.runs[0])
    page = browser.get(f"/enrol/applications/{number}/review")
    form = {"request_key": hidden(page, "request_key"), "version": hidden(page, "version"), "weekdays": [1, 2, 3]}
    pages = [browser.post(f"/enrol/applications/{number}/submit", data=form) for _ in range(3)]
    assert {(p.url.path, p.status_code) for p in pages} == {(f"/enrol/applications/{number}/receipt", 200)}
    again = send(browser, number)  # a second tab with a key of its own
    assert again.url.path == f"/enrol/applications/{number}/receipt"
    with session_scope(visit.engine) as session:
        assert len(session.exec(select(Place)).all()) == len(session.exec(select(Application)).all()) == 1


def test_a_refused_form_keeps_what_was_entered_and_says_what_to_change(visit: Visit) -> None:
    its = visit.round()
    _, [child], browser = visit.family()
    number = choose(browser, its, child.id or 0, visit.runs[0])
    page = send(browser, number, weekdays=[], group="left_behind")
    assert (page.status_code, "请选一项" in page.text) == (422, True)
    assert re.search(r'value="left_behind" checked', page.text)
    page = send(browser, number, group="<script>alert(1)</script>" + "x" * 50_000)
    assert (page.status_code, "<script" in page.text) == (422, False)
    page = send(browser, number, request_key="x" * 50_000)
    assert (page.status_code, "请刷新页面再提交" in page.text) == (422, True)
    assert visit.rows(Application)[0].status == "draft"


def test_a_refused_wish_is_said_on_the_page(visit: Visit) -> None:
    its = visit.round(most_wishes=1)
    _, [child], browser = visit.family()
    number = choose(browser, its, child.id or 0, visit.runs[0])
    path = f"/enrol/applications/{number}/wishes"
    for run, said in (
        (visit.runs[3], "这个班收 3–4 年级"),
        (visit.runs[1], "最多 1 个志愿"),
        (999, "这个班不在这一轮里"),
    ):
        page = browser.post(path, data={"do": "add", "class_run": run})
        assert (page.status_code, said in page.text) == (422, True)
    page = browser.post(path, data={"do": "down", "class_run": visit.runs[0], "version": 999})
    assert (page.status_code, "另一部手机刚改过" in page.text) == (409, True)
    assert browser.post(path, data={"do": "add", "class_run": "1 OR 1=1"}).status_code == 422
    assert browser.post(path, data={"do": "drop", "class_run": 1}).status_code == 404
    assert visit.wishes() == [visit.runs[0]]


def test_a_second_child_takes_over_the_wishes_with_one_button(visit: Visit) -> None:
    its = visit.round()
    _, [first, second], browser = visit.family("张一诺", "张一鸣")
    number = choose(browser, its, first.id or 0, *visit.runs[:2])
    assert "还有孩子要报吗" in send(browser, number).text
    other = choose(browser, its, second.id or 0)
    page = browser.get(f"/enrol/applications/{other}/wishes")
    assert "照抄张一诺的志愿" in page.text
    browser.post(f"/enrol/applications/{other}/wishes", data={"do": "copy", "sibling": number})
    assert visit.wishes() == visit.runs[:2] * 2


def test_a_round_that_is_not_open_can_be_prepared_for(visit: Visit) -> None:
    its = visit.round(opens_at=clock.now() + timedelta(hours=1), closes_at=clock.now() + timedelta(hours=2))
    _, [child], browser = visit.family()
    number = choose(browser, its, child.id or 0, visit.runs[0])
    page = browser.get(f"/enrol/applications/{number}/review")
    assert ("提交报名</button>" in page.text, "到时候回到这一页按提交" in page.text) == (False, True)
    page = send(browser, number)
    assert (page.status_code, "才开始。志愿已存好" in page.text) == (409, True)


def test_an_offer_is_declined_after_a_question_and_goes_to_the_next_family(visit: Visit) -> None:
    its = visit.round(mode="first_come", confirm_by=clock.now() + timedelta(days=2))
    families = [visit.family() for _ in range(3)]
    numbers = []
    for _, [child], browser in families:
        numbers.append(choose(browser, its, child.id or 0, visit.runs[0]))
        send(browser, numbers[-1])
    lines = [first_line(b.get(f"/enrol/applications/{n}")) for (_, _, b), n in zip(families, numbers, strict=True)]
    assert [line[:3] for line in lines] == ["有位子", "有位子", "候补第"]
    with session_scope(visit.engine) as session:
        offer = session.exec(select(Place.id).order_by(col(Place.id))).first()
    (_, _, browser), (_, _, last) = families[0], families[2]
    page = browser.get(f"/enrol/offers/{offer}/decline")
    assert "要不回来" in page.text
    page = browser.post(f"/enrol/offers/{offer}/decline")
    assert first_line(page).startswith("您没有要")
    page = last.get(f"/enrol/applications/{numbers[2]}")
    assert first_line(page).startswith("候补轮到了")
    found = re.search(r'action="(/enrol/offers/\d+/confirm)"', page.text)
    assert found
    assert first_line(last.post(found[1])).startswith("已确认")
    page = browser.post(f"/enrol/offers/{offer}/confirm")
    assert (page.status_code, "已经处理过了" in page.text) == (409, True)


def test_an_application_is_withdrawn_after_a_question(visit: Visit) -> None:
    its = visit.round()
    _, [child], browser = visit.family()
    number = choose(browser, its, child.id or 0, visit.runs[0])
    send(browser, number)
    assert "撤回报名？" in browser.get(f"/enrol/applications/{number}/withdraw").text
    assert first_line(browser.post(f"/enrol/applications/{number}/withdraw")) == "已撤回"
