"""Books in the browser without scripts: the lead writes and releases, the family reads and answers; the PDFs."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from asking import TestClient
from homes import home
from keepsakes import Shelf
from pypdf import PdfReader
from sqlmodel import Session, select

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry.accounts.permissions import Actor
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.db import make_engine, session_scope
from registry.privacy.tables import AccessLog


class Library:
    """A class with books behind the application, and browsers of those who make and read them."""

    def __init__(self, url: str, patch: pytest.MonkeyPatch) -> None:
        self.engine = make_engine(url)
        with session_scope(self.engine, is_writing=True) as session:
            there = Shelf(session, patch)
            self.run, self.child = there.run, there.child
            stranger = home(session, name="张一诺")
            self.other = stranger.id
            self.photo = there.photo(there.child, caption="搭桥")
            there.note("把三个杯子排成一行", phrase="tries_ways", photo=self.photo)
            there.note("跑完全程", domain="physical", days=1)
            there.note("主动把材料分给同伴", domain="moral", days=2)
            self.tokens = {
                name: self._token(session, actor)
                for name, actor in (("lead", there.lead), ("parent", there.parent), ("stranger", stranger.parent))
            }
        self.app = create_app(Settings(url))
        self.made = f"/books/{self.run}/{self.child}"
        self.read = f"/family/children/{self.child}/books/{self.run}/handbook"

    def _token(self, session: Session, actor: Actor) -> str:
        return sign_in(session, session.get_one(Account, actor.account_id), device="", address="")

    def browser(self, who: str) -> TestClient:
        opened = TestClient(self.app, headers={"Origin": "http://testserver"})
        opened.cookies.set(SESSION_COOKIE, self.tokens[who])
        return opened


@pytest.fixture
def library(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    made = Library(sqlite_url, monkeypatch)
    yield made
    made.app.state.engine.dispose()
    made.engine.dispose()


def pdf_text(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return text.replace(" ", "")


def test_from_the_leads_desk_to_the_familys_answer(library: Library) -> None:
    lead, parent = library.browser("lead"), library.browser("parent")
    assert f'href="/books/{library.run}"' in lead.get("/books").text
    assert "还没有发" in lead.get(f"/books/{library.run}").text
    assert "把三个杯子排成一行" in lead.get(library.made).text
    assert parent.get(library.read).status_code == 404
    answer = lead.post(f"{library.made}/texts", data={"about": "我叫小𬱖", "letter": "和张一诺"})
    assert answer.status_code == 422 and "张一诺。手册和反馈里不能出现别的孩子" in answer.text
    assert "我叫小𬱖" in answer.text
    lead.post(f"{library.made}/texts", data={"about": "我叫小𬱖", "letter": "第一天你坐在窗边"})
    assert "第一天你坐在窗边" in lead.get(f"{library.made}/preview").text
    lead.post(f"{library.made}/release")
    shelf = parent.get(f"/family/children/{library.child}/books").text
    assert library.read in shelf
    page = parent.get(library.read).text
    for words in ("李𬱖", "我叫小𬱖", "第一天你坐在窗边", "把三个杯子排成一行", "一种办法不行，换了一种再试",
                  "兴趣地图", "这一期开班 1 天，我来了 1 天", "智育：记下 1 次"):  # fmt: skip
        assert words in page, words
    assert parent.get(f"{library.read}/photos/{library.photo}").headers["content-type"] == "image/jpeg"
    parent.post(f"/family/children/{library.child}/books/{library.run}/reply", data={"words": "谢谢老师"})
    assert "谢谢老师" in parent.get(library.read).text
    assert "谢谢老师" in lead.get(f"{library.made}/preview").text


def test_the_pdf_says_what_the_page_says(library: Library) -> None:
    lead, parent = library.browser("lead"), library.browser("parent")
    lead.post(f"{library.made}/release")
    pdf = parent.get(f"{library.read}/book.pdf")
    assert pdf.headers["content-type"] == "application/pdf" and pdf.headers["cache-control"] == "no-store"
    text = pdf_text(pdf.content)
    for words in ("李𬱖", "学生成长手册", "把三个杯子排成一行", "我会做的事", "参加证明", "搭桥"):
        assert words in text, words
    images = [image for page in PdfReader(BytesIO(pdf.content)).pages for image in page.images]
    assert len(images) == 1
    assert parent.get(f"{library.read}/book.pdf").content == pdf.content
    english = pdf_text(parent.get(f"{library.read}/book.pdf?lang=en").content)
    assert "Growthhandbook" in english and "把三个杯子排成一行" in english


def test_another_familys_book_by_its_address_is_refused_and_logged(library: Library) -> None:
    lead, stranger = library.browser("lead"), library.browser("stranger")
    lead.post(f"{library.made}/release")
    paths = (library.read, f"{library.read}/book.pdf", f"{library.read}/photos/{library.photo}",
             f"/family/children/{library.child}/books", f"/api/v1/children/{library.child}/books")  # fmt: skip
    for path in paths:
        assert stranger.get(path).status_code == 404, path
    with session_scope(library.engine) as session:
        refused = session.exec(select(AccessLog).where(AccessLog.is_refused, AccessLog.subject == "child")).all()
    assert [one.subject_id for one in refused] == [library.child] * len(paths)


def test_the_memory_book_of_the_class(library: Library) -> None:
    lead, parent, stranger = library.browser("lead"), library.browser("parent"), library.browser("stranger")
    made, read = f"/books/{library.run}/class", library.read.replace("handbook", "memoir")
    lead.post(f"{made}/texts", data={"opening": "这是我们的夏天"})
    lead.post(f"{made}/release")
    page = parent.get(read).text
    assert "这是我们的夏天" in page and "科学小实验" in page and "李𬱖" not in page and "张一诺" not in page
    text = pdf_text(parent.get(f"{read}/book.pdf").content)
    assert "班级回忆录" in text and "这是我们的夏天" in text and "李𬱖" not in text
    own = f"/family/children/{library.other}/books/{library.run}/memoir"
    assert stranger.get(own).status_code == 200


def test_the_interface_makes_and_reads(library: Library) -> None:
    lead, parent = library.browser("lead"), library.browser("parent")
    v1 = f"/api/v1{library.made}"
    listed = lead.get(f"/api/v1/books/{library.run}").json()
    assert {line["name"]: line["notes"] for line in listed["handbooks"]} == {"李𬱖": 3, "张一诺": 0}
    body = lead.put(f"{v1}/texts", json={"texts": {"own": "水变成了紫色"}}).json()
    assert body["content"]["own"] == "水变成了紫色"
    notes = [one["id"] for one in body["content"]["moments"]]
    body = lead.put(f"{v1}/choice", json={"notes": notes[::-1]}).json()
    assert [one["id"] for one in body["content"]["moments"]] == notes[::-1]
    assert lead.put(f"{v1}/choice", json={"notes": [0]}).json()["error"]["code"] == "input_invalid"
    assert lead.post(f"{v1}/release").json()["is_released"]
    read = f"/api/v1/children/{library.child}/books/{library.run}"
    assert parent.get(f"{read}/handbook").json()["content"]["own"] == "水变成了紫色"
    assert parent.post(f"{read}/replies", json={"words": "谢谢"}).status_code == 201
    assert [one["handbook"] for one in parent.get(f"/api/v1/children/{library.child}/books").json()] == [True]
    assert parent.get(f"{read}/letters").status_code == 404
