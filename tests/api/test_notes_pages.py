"""Notes in the browser without scripts and as JSON: writing, the second look, photos, review, concerns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import TestClient
from notebook import BRIDGE, Notebook, jpeg
from sqlmodel import Session, select

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry.accounts.permissions import Actor
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.db import make_engine, session_scope
from registry.growth.tables import Observation, Photo


class Desk:
    """A class of today behind the application, and browsers of those who write, review and may not."""

    def __init__(self, url: str, patch: pytest.MonkeyPatch) -> None:
        self.engine = make_engine(url)
        with session_scope(self.engine, is_writing=True) as session:
            there = Notebook(session, patch).with_helper()
            self.other = there.another("王小明")
            there.answer_photos(self.other, is_given=False)
            self.run, self.day, self.child = there.run, there.day, there.child
            people = {"lead": there.lead, "helper": there.helper, "parent": there.home.parent, "office": there.office}
            self.tokens = {name: self._token(session, actor) for name, actor in people.items()}
        self.app = create_app(Settings(url))
        self.here = f"/notes/classes/{self.run}/{self.day}"
        self.note = {"children": str(self.child), "seen": BRIDGE, "domain": "intellect", "request_key": "phone-0001"}

    def _token(self, session: Session, actor: Actor) -> str:
        return sign_in(session, session.get_one(Account, actor.account_id), device="", address="")

    def browser(self, who: str) -> TestClient:
        opened = TestClient(self.app, headers={"Origin": "http://testserver"})
        opened.cookies.set(SESSION_COOKIE, self.tokens[who])
        return opened

    def notes(self) -> list[Observation]:
        with session_scope(self.engine) as session:
            return list(session.exec(select(Observation).order_by("id")))


@pytest.fixture
def desk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Desk]:
    monkeypatch.setenv("QINGZAI_PHOTOS", str(tmp_path / "photos"))
    made = Desk(sqlite_url, monkeypatch)
    yield made
    made.app.state.engine.dispose()
    made.engine.dispose()


def test_from_the_first_tap_to_the_release(desk: Desk) -> None:
    helper, lead = desk.browser("helper"), desk.browser("lead")
    assert f'href="{desk.here}"' in helper.get("/notes").text
    page = helper.get(desk.here).text
    assert ("李𬱖" in page, page.count("不拍照"), 'name="seen"' in page) == (True, 3, True)
    sent = helper.post(desk.here, data=desk.note, files={"photo": ("a.jpg", jpeg(), "image/jpeg")})
    assert "交给班主任了" in sent.text and BRIDGE in sent.text
    helper.post(desk.here, data=desk.note, files={"photo": ("a.jpg", jpeg(), "image/jpeg")})
    note = desk.notes()[0]
    assert (len(desk.notes()), note.status, note.photo_id) == (1, "submitted", 1)
    for who, status in (("helper", 200), ("lead", 200), ("parent", 404), ("office", 404)):
        found = desk.browser(who).get("/photos/1?size=small")
        assert (found.status_code, found.headers["cache-control"]) == (status, "no-store")
    review = f"/notes/review/{desk.run}"
    assert BRIDGE in lead.get(review).text and "1 条等您看" in lead.get("/notes").text
    lead.post(f"/notes/{note.id}/review", data={"then": "release", "seen": "桥站住了", "domain": "labour"})
    again = desk.notes()[0]
    assert (again.status, again.seen, again.domain) == ("released", "桥站住了", "labour")
    assert BRIDGE in lead.get(review + "?show=released").text  # how it was before
    assert desk.browser("parent").get("/photos/1").content[:3] == b"\xff\xd8\xff"


def test_what_is_found_is_shown_before_it_is_stored_and_the_photo_is_kept_meanwhile(desk: Desk) -> None:
    helper = desk.browser("helper")
    doubtful = {**desk.note, "seen": "他今天有点懒"}
    shown = helper.post(desk.here, data=doubtful, files={"photo": ("a.jpg", jpeg(), "image/jpeg")})
    assert (shown.status_code, "“懒”" in shown.text, "他今天有点懒" in shown.text, desk.notes()) == (
        422,
        True,
        True,
        [],
    )
    photo = re.search(r'name="photo_id" value="(\d+)"', shown.text)
    assert photo is not None
    sure = {**doubtful, "is_sure": "yes", "photo_id": photo.group(1)}
    assert "交给班主任了" in helper.post(desk.here, data=sure).text
    assert [(note.warnings, note.photo_id) for note in desk.notes()] == [(["label"], int(photo.group(1)))]
    lead = desk.browser("lead")
    entered = {"then": "release", "seen": "他今天有点懒", "domain": "intellect"}
    held = lead.post("/notes/1/review", data=entered)
    assert (held.status_code, "有几个词再看一眼" in held.text, desk.notes()[0].status) == (422, True, "submitted")
    lead.post("/notes/1/review", data={**entered, "is_sure": "yes"})
    assert desk.notes()[0].status == "released"


@pytest.mark.parametrize(
    ("photo", "who", "said"),
    [
        (b"no picture", None, "这个文件不是照片"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), None, "HEIC"),
        (jpeg(), "other", "王小明 的家长没有同意拍照"),
    ],
)
def test_a_photo_that_cannot_be_kept_keeps_the_words(desk: Desk, photo: bytes, who: str | None, said: str) -> None:
    data = {**desk.note, "photo_children": str(desk.other) if who else ""}
    answer = desk.browser("helper").post(desk.here, data=data, files={"photo": ("a.jpg", photo, "image/jpeg")})
    assert (answer.status_code, said in answer.text, BRIDGE in answer.text, desk.notes()) == (422, True, True, [])
    with session_scope(desk.engine) as session:
        assert session.exec(select(Photo)).all() == []


def test_a_photo_of_many_megabytes_is_refused_before_it_is_read(desk: Desk) -> None:
    files = {"photo": ("a.jpg", bytes(40 << 20), "image/jpeg")}
    answer = desk.browser("helper").post(desk.here, data=desk.note, files=files)
    assert (answer.status_code, "太大" in answer.text, desk.notes()) == (413, True, [])


def test_a_note_is_given_back_changed_and_handed_in_again(desk: Desk) -> None:
    helper, lead = desk.browser("helper"), desk.browser("lead")
    helper.post(desk.here, data={**desk.note, "then": "draft"})
    assert desk.notes()[0].status == "draft" and BRIDGE not in lead.get(f"/notes/review/{desk.run}").text
    helper.post("/notes/own/1", data={"seen": BRIDGE, "domain": "intellect"})
    lead.post("/notes/1/review", data={"then": "return", "words": "哪一天？"})
    assert "哪一天？" in helper.get("/notes").text
    helper.post("/notes/own/1", data={"seen": "周一搭桥", "domain": "intellect"})
    assert [(note.status, note.seen) for note in desk.notes()] == [("submitted", "周一搭桥")]
    assert desk.browser("lead").get("/notes/own/1").status_code == 404
    helper.post("/notes/own/1/drop")
    assert desk.notes()[0].status == "dropped"


def test_coverage_and_photos_are_the_leads_to_see(desk: Desk) -> None:
    pages = (f"/notes/coverage/{desk.run}", f"/notes/review/{desk.run}", f"/notes/photos/{desk.run}")
    told = {who: [desk.browser(who).get(page).status_code for page in pages] for who in desk.tokens}
    assert told == {"lead": [200] * 3, "helper": [403] * 3, "parent": [403] * 3, "office": [403] * 3}
    assert "王小明" in desk.browser("lead").get(pages[0]).text
    helper, lead = desk.browser("helper"), desk.browser("lead")
    files = {"photo": ("a.jpg", jpeg(), "image/jpeg")}
    helper.post(desk.here + "/photos", data={"request_key": "phone-0002", "caption": "搭桥"}, files=files)
    assert "搭桥" in lead.get(pages[2]).text
    wrong = lead.post("/photos/1", data={"kind": "moment", "photo_children": str(desk.other), "then": "release"})
    assert (wrong.status_code, "没有同意拍照" in wrong.text) == (422, True)
    lead.post("/photos/1", data={"kind": "moment", "photo_children": str(desk.child), "then": "release"})
    assert "已发布" in lead.get(pages[2]).text
    lead.post("/photos/1", data={"then": "discard"})
    assert lead.get("/photos/1").status_code == 404


def test_a_concern_reaches_the_office_and_nobody_else(desk: Desk) -> None:
    helper, office = desk.browser("helper"), desk.browser("office")
    assert "110" in helper.get(desk.here + "/concern").text
    assert helper.post(desk.here + "/concern", data={"child": str(desk.child), "words": " "}).status_code == 422
    sent = helper.post(desk.here + "/concern", data={"child": str(desk.child), "words": "手臂上有淤青"})
    assert "报告已经送到区办公室" in sent.text and "手臂上有淤青" not in sent.text
    listed = office.get("/office/concerns").text
    assert ("编号 1" in listed, "李𬱖" in listed, "淤青" in listed) == (True, False, False)
    assert "手臂上有淤青" in office.post("/office/concerns/1").text
    office.post("/office/concerns/1/outcome", data={"outcome": "已报公安"})
    assert office.post("/office/concerns/1/outcome", data={"outcome": "改口"}).status_code == 409
    assert {desk.browser(who).get("/office/concerns").status_code for who in ("helper", "lead", "parent")} == {403}


def test_the_same_as_json(desk: Desk) -> None:
    helper, lead = desk.browser("helper"), desk.browser("lead")
    here = f"/api/v1{desk.here}"
    body = {"children": [desk.child], "seen": "他总是帮忙", "domain": "moral", "key": "phone-0003"}
    assert [one["name"] for one in helper.get(here).json()["children"]] == ["李𬱖", "王小明"]
    assert [one["words"] for one in helper.post(here + "/check", json=body).json()] == ["总是"]
    assert helper.post(here, json=body).json()["is_stored"] is False
    form = {"key": "phone-0003", "children": [desk.child]}
    photo = helper.post(here + "/photos", data=form, files={"photo": ("a.jpg", jpeg(), "image/jpeg")})
    assert photo.status_code == 201
    sure = {**body, "is_sure": True, "photo_id": photo.json()["id"]}
    made = [helper.post(here, json=sure).json() for _ in range(2)]
    assert [(one["is_stored"], one["is_new"], one["note"]["id"]) for one in made] == [(True, True, 1), (True, False, 1)]
    row = lead.get(f"/api/v1/notes/review/{desk.run}").json()[0]
    assert (row["children"], row["author"], row["findings"][0]["kind"]) == (["李𬱖"], "周小美", "always")
    assert lead.post("/api/v1/notes/1/release", json={}).json()["error"]["code"] == "note_has_findings"
    assert lead.post("/api/v1/notes/1/release", json={"is_sure": True}).json()["status"] == "released"
    assert lead.get("/api/v1/photos/1?small=true").headers["content-type"] == "image/jpeg"
    ledger = lead.get(f"/api/v1/notes/coverage/{desk.run}").json()
    assert [(one["name"], one["days_without"]) for one in ledger["children"]] == [("王小明", 1), ("李𬱖", 0)]
