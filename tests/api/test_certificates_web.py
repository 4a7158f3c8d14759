"""Certificates on the web: issued by the office, seen and downloaded by their holder, verified by anybody."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from homes import NAME, PAPER
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from served_people import Served
from sqlmodel import Session
from town import a_round, draft
from visits import Visit

from api.access import SESSION_COOKIE
from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.db import session_scope
from registry.enrolment.tables import Place
from registry.families.tables import Child


class Office:
    """The office in a browser, with somebody who served; the first term is over."""

    def __init__(self, visit: Visit, patch: pytest.MonkeyPatch) -> None:
        self.visit = visit
        with session_scope(visit.engine) as session:
            self._place(session)
            served = Served(session, patch, visit.runs)
            who = served.volunteer("阿卜杜热西提·买买提", [(served.term.starts_on, "08:30", "12:00")], "师范大学")
            self.term, account = served.term.id, served.actor(who).account_id
            token = sign_in(session, session.get_one(Account, account), device="phone", address="")
        self.desk, self.volunteer = visit.office(), visit.stranger()
        self.volunteer.cookies.set(SESSION_COOKIE, token)

    def _place(self, session: Session) -> None:
        """A child with a place in the first class."""
        its = a_round(session, self.visit.runs, places=2)
        _, mine = draft(session, its, self.visit.runs[:1], NAME)
        child = session.get_one(Child, mine.child_id)
        child.paper_kind, child.paper_number, mine.status = "resident_id", PAPER, "confirmed"
        place = Place(application_id=mine.id or 0, class_run_id=self.visit.runs[0], rank=1, source="draw",
                      status="confirmed", offered_at=clock.now())  # fmt: skip
        session.add_all([child, mine, place])
        session.flush()


@pytest.fixture
def there(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(visit, monkeypatch)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")


def test_from_the_office_to_whoever_verifies_it(there: Office) -> None:
    page = there.desk.post(f"/office/certificates/terms/{there.term}")
    assert "开了 1 份。" in page.text
    own = there.volunteer.get("/certificates")
    number = re.findall(r"/certificates/(\d+)", own.text)[0]
    shown = there.volunteer.get(f"/certificates/{number}")
    assert "服务时长 3.5 小时" in shown.text
    code = re.findall(r'<b class="exact">([0-9A-Z-]{19})</b>', shown.text)[0]
    pdf = there.volunteer.get(f"/certificates/{number}/paper.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert "阿卜杜热西提·买买提 于 " in text_of(pdf.content)
    assert code in text_of(pdf.content)
    assert there.desk.get(f"/office/certificates/terms/{there.term}/all.pdf").content[:5] == b"%PDF-"

    stranger = there.visit.stranger()
    told = stranger.get(f"/verify/{code.replace('-', '')}")
    assert ("阿*提" in told.text, "买买提" in told.text, "有效" in told.text) == (True, False, True)
    there.desk.post(f"/office/certificates/{number}/void", data={"reason": "时长更正", "do": "again"})
    assert "已作废，另有新证" in stranger.get("/verify", params={"code": code}).text
    assert there.volunteer.get(f"/certificates/{number}/paper.pdf").status_code == 409


def test_a_code_that_nobody_has(there: Office) -> None:
    stranger = there.visit.stranger()
    assert "没有这个验证码" in stranger.get("/verify/0000000000000000").text
    assert stranger.get("/verify/x").status_code == 404
    for _ in range(58):
        stranger.get("/api/v1/verify/x")
    assert stranger.get("/api/v1/verify/x").json()["found"] is None
    assert stranger.get("/verify/x").status_code == 429
    assert "60 minutes" in stranger.get("/verify/x", params={"lang": "en"}).text


def test_what_is_wrong_stands_beside_its_field(there: Office) -> None:
    page = there.desk.post("/office/certificates/issuer", data={"issuer": "", "issuer_en": "x", "address": "nowhere"})
    assert (page.status_code, "请填网站地址" in page.text, "请填写这一项" in page.text) == (422, True, True)
    there.desk.post(f"/office/certificates/terms/{there.term}")
    page = there.desk.post("/office/certificates/1/void", data={"reason": "", "do": "void"})
    assert (page.status_code, "请填写这一项" in page.text) == (422, True)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_register_is_saved(there: Office, kind: str) -> None:
    there.desk.post(f"/office/certificates/terms/{there.term}")
    saved = there.desk.get(f"/office/certificates/register.{kind}")
    if kind == "csv":
        [_, line] = saved.content.decode("utf-8-sig").splitlines()
        assert line.split(",")[1:6] == ["志愿服务记录证明", "阿卜杜热西提·买买提", "2026 第一期", "1", "3.5"]
    assert saved.headers["content-disposition"].startswith("attachment")


def test_the_interface_says_the_same(there: Office) -> None:
    here = f"/api/v1/office/certificates/terms/{there.term}"
    [line] = there.desk.get(here).json()
    assert (line["name"], line["hours"], line["problem"], line["certificate"]) == ("阿卜杜热西提·买买提", 3.5, "", None)
    [made] = there.desk.post(here, json={}).json()["made"]
    assert there.desk.post(here, json={"volunteer_id": line["volunteer_id"]}).status_code == 409
    [own] = there.volunteer.get("/api/v1/certificates").json()
    assert own == made == there.volunteer.get(f"/api/v1/certificates/{own['id']}").json()
    assert there.visit.stranger().get(f"/api/v1/verify/{own['code']}").json()["found"]["holder"] == "阿*提"
    again = there.desk.post(f"/api/v1/certificates/{own['id']}/void", json={"reason": "重开", "again": True}).json()
    listed = there.desk.get("/api/v1/office/certificates").json()
    assert [(one["number"], one["state"], one["replaced_by"]) for one in listed["items"]] == [
        (again["number"], "valid", ""), (own["number"], "replaced", again["number"]),
    ]  # fmt: skip


def test_the_insurance_list_goes_out_once_a_second_person_agreed(there: Office) -> None:
    page = there.desk.get(f"/office/insurance/terms/{there.term}", params={"lang": "en"})
    assert ("李*" in page.text, NAME in page.text) == (True, False)
    assert there.desk.post(f"/office/insurance/terms/{there.term}", data={"note": "第一次"}).status_code == 200
    assert there.desk.post("/office/insurance/1/take").status_code == 409
    second = there.visit.office()
    assert second.post("/office/insurance/1/approve").status_code == 200
    saved = load_book(second.post("/office/insurance/1/take", params={"lang": "zh"}).content)
    assert list(saved) == ["投保名单", "新增", "减少"]
    header, row = saved["投保名单"][:2]
    told = dict(zip(header, row, strict=True))
    assert (told["被保险人姓名"], told["证件号码"], told["序号"]) == (NAME, PAPER, "1")
    assert saved["新增"][1] == row
    [listed] = second.get("/api/v1/office/insurance").json()
    assert (listed["number"], listed["persons"], listed["scope"]) == (1, 1, "term")
    now = second.get(f"/api/v1/office/insurance/terms/{there.term}").json()
    assert {name: now[name] for name in ("children", "volunteers", "added", "removed", "last")} == {
        "children": 1, "volunteers": 0, "added": 0, "removed": 0, "last": 1,
    }  # fmt: skip


def load_book(data: bytes) -> dict[str, list[list[str]]]:
    """Sheets by name."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return {name: [[str(cell) for cell in row] for row in rows] for name, rows in sheets.items()}
