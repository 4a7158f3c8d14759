"""Pages of children's data as a browser gets them: the reveal, a family's copy as JSON and PDF, requests, the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from asking import TestClient
from fastapi import FastAPI
from pypdf import PdfReader
from sqlmodel import Session, select
from town import a_round, draft, family, make_town, office

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry.accounts.permissions import Actor
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.db import make_engine, session_scope
from registry.families.tables import Child, EmergencyContact
from registry.privacy.tables import AccessLog

NAME, HEALTH, PHONE = "李𬱖·买买提", "对花生严重过敏", "13911112222"


@dataclass
class Place:
    """An application with one family, an office and a family that has nothing to do with it."""

    app: FastAPI
    child_id: int
    parent: str
    office: str
    stranger: str
    url: str

    def browser(self, token: str) -> TestClient:
        made = TestClient(self.app, headers={"Origin": "http://testserver"}, follow_redirects=False)
        made.cookies.set(SESSION_COOKIE, token)
        return made


def _token(session: Session, actor: Actor) -> str:
    return sign_in(session, session.get_one(Account, actor.account_id), device="", address="")


@pytest.fixture
def place(sqlite_url: str) -> Iterator[Place]:
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        runs = make_town(session)
        parent, mine = draft(session, a_round(session, runs), runs[:1], NAME)
        child = session.get_one(Child, mine.child_id)
        child.health_note = HEALTH
        session.add(child)
        session.add(EmergencyContact(child_id=child.id or 0, name="王奶奶", phone=PHONE, relation="grandparent"))
        stranger, _ = family(session, "外人", consents=False)
        made = Place(
            create_app(Settings(sqlite_url)), child.id or 0, _token(session, parent), _token(session, office(session)),
            _token(session, stranger), sqlite_url,
        )  # fmt: skip
    yield made
    engine.dispose()


def test_what_is_masked_is_shown_once_after_a_reason(place: Place) -> None:
    staff, path = place.browser(place.office), f"/office/children/{place.child_id}"
    before = staff.get(path)
    assert (before.status_code, before.headers["cache-control"]) == (200, "no-store")
    assert [secret for secret in (NAME, HEALTH, PHONE) if secret in before.text] == []
    wrong = staff.post(path, data={"part": "health_note", "reason": "other"})
    assert (wrong.status_code, HEALTH in wrong.text, "请填写这一项" in wrong.text) == (422, False, True)
    right = staff.post(path, data={"part": "health_note", "reason": "care", "text": "午餐"})
    assert (right.status_code, HEALTH in right.text, PHONE in right.text) == (200, True, False)
    assert right.headers["cache-control"] == "no-store"
    assert HEALTH not in staff.get(path).text
    page = place.browser(place.parent).get(f"/family/children/{place.child_id}/data").text
    assert ("照看需要：午餐" in page, "办公室" in page, "区办公室" in page) == (True, True, True)
    log = staff.get(f"/office/access-log?child={place.child_id}&action=child.reveal").text
    assert ("照看需要：午餐" in log, HEALTH in log) == (True, False)


def test_an_attempt_that_is_refused_stands_in_the_log(place: Place) -> None:
    path = f"/office/children/{place.child_id}"
    assert place.browser(place.stranger).post(path, data={"part": "name", "reason": "check"}).status_code == 403
    assert place.browser(place.office).post(path, data={"part": "restrictions", "reason": "check"}).status_code == 403
    with session_scope(make_engine(place.url)) as session:
        lines = session.exec(select(AccessLog).where(AccessLog.is_refused)).all()  # type: ignore[arg-type]
        assert [(one.action, one.subject, one.subject_id) for one in lines] == [
            ("child.reveal", "child", place.child_id), ("child.reveal.restrictions", "child", place.child_id),
        ]  # fmt: skip


def test_a_family_takes_its_copy_and_no_other_does(place: Place) -> None:
    path = f"/family/children/{place.child_id}/data/export"
    mine = place.browser(place.parent)
    found = mine.get(f"{path}.json")
    assert found.json()["child"]["name"] == NAME
    assert (found.json()["child"]["health_note"], found.headers["cache-control"]) == (HEALTH, "no-store")
    assert found.json() == {**mine.get(f"/api/v1/children/{place.child_id}/export").json(),
                            "made_at": found.json()["made_at"]}  # fmt: skip
    for other in (place.stranger, place.office):
        for ending in ("json", "pdf"):
            assert place.browser(other).get(f"{path}.{ending}").status_code == 404


def test_the_pdf_prints_rare_names(place: Place) -> None:
    answer = place.browser(place.parent).get(f"/family/children/{place.child_id}/data/export.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    told = "".join(text.split())
    wanted = ("𬱖·买买提", HEALTH, PHONE, "王奶奶", "东街少年宫·第一期·1-2年级班")
    assert [some for some in wanted if some not in told] == []


def test_a_request_goes_to_the_office_and_back(place: Place) -> None:
    path = f"/family/children/{place.child_id}/data"
    mine, staff = place.browser(place.parent), place.browser(place.office)
    assert mine.post(f"{path}/requests", data={"kind": "correction", "text": ""}).status_code == 422
    assert mine.post(f"{path}/requests", data={"kind": "correction", "text": "学校写错了"}).status_code == 303
    page = staff.get("/office/requests").text
    assert ("学校写错了" in page, NAME in page) == (True, False)
    assert staff.post("/office/requests/1", data={"decision": "refuse", "answer": ""}).status_code == 422
    assert staff.post("/office/requests/1", data={"decision": "refuse", "answer": "和学籍一致"}).status_code == 303
    assert "和学籍一致" in mine.get(path).text


def test_retention_is_tried_first(place: Place) -> None:
    staff = place.browser(place.office)
    assert "现在删除" not in staff.get("/office/retention").text
    assert staff.post("/office/retention", data={"mode": "trial"}).status_code == 303
    assert "现在删除" in staff.get("/office/retention").text
    assert staff.post("/office/retention", data={"mode": "delete"}).status_code == 303
    assert "现在删除" not in staff.get("/office/retention").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everybody_reads_what_is_held(place: Place, language: str) -> None:
    page = TestClient(place.app).get(f"/privacy?lang={language}")
    assert page.status_code == 200
    told = ("健康情况", "加密保存") if language == "zh" else ("health", "encrypted")
    assert [some for some in told if some not in page.text] == []
    assert "_" not in "".join(page.text.partition("<main")[2].partition("</main>")[0].split('id="')[0])
