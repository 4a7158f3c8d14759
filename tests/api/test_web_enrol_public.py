"""What everybody may see of enrolment, and what is another family's."""

from __future__ import annotations

import re

from sqlmodel import select
from town import move
from visits import Visit, choose, first_line, send

from registry import clock
from registry.db import session_scope
from registry.enrolment.tables import Application, EnrolmentRound, Place, PublicNotice


def test_public_pages_show_nobody(visit: Visit) -> None:
    """There is something to leak: a child with wishes, a coordinator with a phone."""
    its = visit.round(notes_zh="请带水杯")
    _, [child], browser = visit.family("欧阳思琪")
    number = choose(browser, its, child.id or 0, visit.runs[0])
    send(browser, number, group="left_behind")
    with session_scope(visit.engine) as session:
        rows = [{"name": "欧*琪", "class": "东街少年宫 1-2年级班", "number": number}]
        session.add(PublicNotice(round_id=its, rows=rows, published_at=clock.now()))
    stranger = visit.stranger()
    pages = [stranger.get(path) for path in ("/enrol", f"/enrol/rounds/{its}", f"/enrol/rounds/{its}/notice")]
    assert [page.status_code for page in pages] == [200] * 3
    text = " ".join(page.text for page in pages)
    secret = ("欧阳思琪", "思琪", "王一", "13900000001", "left_behind", "留守", child.school, "seed_secret")
    assert [word for word in secret if word in text] == []
    assert ("欧*琪" in pages[2].text, "1 人报（第一志愿 1 人）" in pages[1].text) == (True, True)


def test_a_round_that_is_not_announced_is_not_there(visit: Visit) -> None:
    its = visit.round()
    with session_scope(visit.engine) as session:
        move(session, session.get_one(EnrolmentRound, its), announced_at=None)  # type: ignore[arg-type]
    stranger = visit.stranger()
    assert "第一轮" not in stranger.get("/enrol").text
    assert [
        stranger.get(f"/enrol/rounds/{i}{x}").status_code for i in (its, 999, 2**31 - 1) for x in ("", "/notice")
    ] == [404] * 6
    assert stranger.get(f"/enrol/rounds/{2**70}").status_code == 422


def paths(number: str, offer: int) -> list[tuple[str, str, dict[str, object]]]:
    """Every route of a family's application."""
    here = f"/enrol/applications/{number}"
    return [
        *(("GET", here + rest, {}) for rest in ("", "/wishes", "/review", "/receipt", "/withdraw")),
        ("POST", here + "/wishes", {"do": "remove", "class_run": 1}),
        ("POST", here + "/submit", {"request_key": "a" * 20, "weekdays": [1]}),
        ("POST", here + "/withdraw", {}),
        ("GET", f"/enrol/offers/{offer}/decline", {}),
        ("POST", f"/enrol/offers/{offer}/decline", {}),
        ("POST", f"/enrol/offers/{offer}/confirm", {}),
    ]


def test_another_familys_application_is_not_there_and_who_is_not_signed_in_is_asked_to(visit: Visit) -> None:
    its = visit.round(mode="first_come")
    _, [child], browser = visit.family("欧阳思琪")
    number = choose(browser, its, child.id or 0, visit.runs[0])
    send(browser, number)
    with session_scope(visit.engine) as session:
        offer = session.exec(select(Place.id)).one() or 0
    _, _, other = visit.family("张一诺")
    stranger = visit.stranger()
    for method, path, data in paths(number, offer):
        answer = other.request(method, path, data=data)
        assert (path, answer.status_code, "思琪" in answer.text) == (path, 404, False)
        answer = stranger.request(method, path, data=data)
        assert (path, answer.status_code, answer.headers["location"][:9]) == (path, 303, "/sign-in?")
    for method, path, data in paths("12345678", 10**6):
        assert (path, other.request(method, path, data=data).status_code) == (path, 404)
    assert other.post(f"/enrol/rounds/{its}/start", data={"child": child.id}).status_code == 404
    [mine] = visit.rows(Application)
    assert mine.status == "confirmed"


def test_filters_that_make_no_sense_leave_the_page_standing(visit: Visit) -> None:
    its = visit.round()
    stranger = visit.stranger()
    asked = {"q": "x" * 50_000, "term": "9" * 50, "grade": "-1", "until": "25:99", "near": "'--", "subdistrict": "西镇"}
    page = stranger.get(f"/enrol/rounds/{its}", params=asked)
    assert (page.status_code, "没有这样的班" in page.text) == (200, True)
    page = stranger.get(f"/enrol/rounds/{its}", params={**asked, "q": ""})
    assert (page.text.count("西镇少年宫 · "), page.text.count("东街少年宫 · ")) == (1, 0)
    page = stranger.get(f"/enrol/rounds/{its}", params={"near": "西镇", "lang": "en"})
    assert re.findall(r"About ([\d.]+) km", page.text) == ["0.0", "4.8", "4.8", "4.8"]


def test_what_a_published_draw_said_stands_beside_the_wish(visit: Visit) -> None:
    from town import office

    from registry.db import sessions
    from registry.enrolment.draws import freeze_round, queue_draw, run_draw
    from registry.enrolment.publish import publish_draw

    its = visit.round()
    families = [visit.family() for _ in range(3)]
    numbers = []
    for _, [child], browser in families:
        numbers.append(choose(browser, its, child.id or 0, visit.runs[0]))
        send(browser, numbers[-1])
    with session_scope(visit.engine) as session:
        move(session, session.get_one(EnrolmentRound, its), closes_at=clock.now())
        boss = office(session)
        draw = freeze_round(session, boss, its).id or 0
        queue_draw(session, boss, draw)
    run_draw(sessions(visit.engine), draw, seconds=20, workers=1)
    pages = [b.get(f"/enrol/applications/{n}") for (_, _, b), n in zip(families, numbers, strict=True)]
    assert {first_line(page) for page in pages} == {"已收到，等待摇号。不用做什么"}
    with session_scope(visit.engine) as session:
        publish_draw(session, boss, draw)
    pages = [b.get(f"/enrol/applications/{n}") for (_, _, b), n in zip(families, numbers, strict=True)]
    assert sorted(first_line(page)[:3] for page in pages) == ["候补第", "有位子", "有位子"]
    [waiting] = [page for page in pages if first_line(page).startswith("候补第 1 位，共 1 位")]
    assert "3 人报名，2 个位子" in waiting.text
    notice = visit.stranger().get(f"/enrol/rounds/{its}/notice").text
    assert len(re.findall(r"<b>张\*诺</b>", notice)) == 2
