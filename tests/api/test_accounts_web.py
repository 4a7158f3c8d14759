"""Signing in through the pages and the interface: the whole way, and what people with bad intent try."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import TestClient
from babel.messages.pofile import read_po
from typer.testing import CliRunner

from api.access import SESSION_COOKIE, local_path
from api.app import create_app
from api.cli import app as commands
from api.guard import FORM_BYTES, UPLOAD_BYTES
from api.pages.catalogue import LOCALES
from api.pages.menu import MENU
from api.senders import find_sender
from api.settings import Settings
from registry.errors import Refused

PHONE = "13800138000"
HERE = {"Origin": "http://testserver"}


class Phone:
    """A browser and the phone beside it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.sms = folder / "sms.jsonl"
        self.app = create_app(Settings(url, sender=f"file:{self.sms}"))
        self.browser = TestClient(self.app, headers=HERE, follow_redirects=False)

    def code(self, phone: str = PHONE, onward: str = "") -> str:
        """Ask for a code; answers what the phone gets."""
        answer = self.browser.post("/sign-in", data={"phone": phone, "next": onward})
        assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in/code?")
        assert self.app.state.postman.deliver() == 1
        text = json.loads(self.sms.read_text(encoding="utf-8").splitlines()[-1])["text"]
        return re.findall(r"\d{6}", text)[0]

    def sign_in(self, onward: str = "") -> None:
        """All of it."""
        answer = self.browser.post("/sign-in/code", data={"code": self.code(), "next": onward})
        assert answer.status_code == 303


@pytest.fixture
def phone(sqlite_url: str, tmp_path: Path) -> Phone:
    return Phone(sqlite_url, tmp_path)


def test_a_phone_and_a_code_lead_to_ones_own_page(phone: Phone) -> None:
    code = phone.code("+86 138-0013-8000", "/me?x=1")
    page = phone.browser.get("/sign-in/code").text
    assert ("138****8000" in page, PHONE in page) == (True, False)
    answer = phone.browser.post("/sign-in/code", data={"code": code, "next": "/me?x=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?x=1")
    cookie = answer.headers["set-cookie"]
    assert [part in cookie for part in ("HttpOnly", "SameSite=lax", "Secure")] == [True, True, False]
    mine = phone.browser.get("/me")
    assert (mine.status_code, mine.headers["cache-control"], "138****8000" in mine.text) == (200, "no-store", True)
    assert "这里不用登录就能看" not in mine.text
    assert phone.browser.post("/sign-out").headers["location"] == "/sign-in"
    assert phone.browser.get("/me").headers["location"] == "/sign-in?next=%2Fme"


def test_a_wrong_entry_is_told_at_its_field_and_kept(phone: Phone) -> None:
    answer = phone.browser.post("/sign-in?lang=en", data={"phone": "<script>1</script>"})
    assert (answer.status_code, "A mobile number has 11 digits" in answer.text) == (422, True)
    assert ("&lt;script&gt;1" in answer.text, "<script>" in answer.text) == (True, False)
    huge = phone.browser.post("/sign-in", data={"phone": "1" * 50_000})
    assert (huge.status_code, len(huge.text) < 10_000) == (422, True)


def test_a_second_click_sends_no_second_code(phone: Phone) -> None:
    phone.code()
    assert phone.browser.post("/sign-in", data={"phone": PHONE}).status_code == 303
    assert phone.app.state.postman.deliver() == 0
    assert "秒" in phone.browser.post("/sign-in/again").text


def test_the_token_is_new_at_every_sign_in(phone: Phone) -> None:
    """A token that somebody slipped into the browser is not the one that is signed in."""
    phone.browser.cookies.set(SESSION_COOKIE, "chosen-by-somebody")
    phone.sign_in()
    tokens = [cookie.value for cookie in phone.browser.cookies.jar if cookie.name == SESSION_COOKIE]
    other = TestClient(phone.app, cookies={SESSION_COOKIE: "chosen-by-somebody"}, follow_redirects=False)
    assert (other.get("/me").status_code, tokens[-1] != "chosen-by-somebody") == (303, True)


@pytest.mark.parametrize("cookie", ["", "x" * 50_000, "' OR 1=1 --", "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_cookie_is_nobody(phone: Phone, cookie: str) -> None:
    forged = TestClient(phone.app, cookies={SESSION_COOKIE: cookie}, follow_redirects=False)
    assert forged.get("/me").headers["location"] == "/sign-in?next=%2Fme"
    assert forged.get("/api/v1/session").json()["error"]["code"] == "not_signed_in"


@pytest.mark.parametrize(
    ("wanted", "gone_to"),
    [
        ("/family", "/family"), ("/enrol?round=1", "/enrol?round=1"), ("https://evil.example", "/me"),
        ("//evil.example", "/me"), ("/\\evil.example", "/me"), ("/\t/evil.example", "/me"), ("javascript:x", "/me"),
        ("", "/me"), (None, "/me"), ("/" + "x" * 50_000, "/me"), ("/a\r\nSet-Cookie: x", "/me"),
    ],
)  # fmt: skip
def test_the_way_on_is_a_page_of_this_site(wanted: str | None, gone_to: str) -> None:
    assert local_path(wanted) == gone_to


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://testserver"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://testserver.evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_change_comes_from_a_page_of_this_site(phone: Phone, headers: dict[str, str], status: int) -> None:
    phone.sign_in()
    token = phone.browser.cookies[SESSION_COOKIE]
    bare = TestClient(phone.app, cookies={SESSION_COOKIE: token}, follow_redirects=False)
    assert bare.post("/me/name", data={"name": "新名字"}, headers=headers).status_code == status
    assert (bare.get("/api/v1/session").json()["name"] == "新名字") is (status == 303)


def test_a_body_that_is_too_large_is_refused(phone: Phone) -> None:
    answer = phone.browser.post("/sign-in", data={"phone": "1" * FORM_BYTES})
    assert (answer.status_code, "太大" in answer.text) == (413, True)
    files = {"file": ("x.xlsx", b"x" * UPLOAD_BYTES)}
    answer = phone.browser.post("/api/v1/accounts", files=files)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")

    def pieces() -> Iterator[bytes]:
        yield b"phone="
        for _ in range(FORM_BYTES // 1000):
            yield b"1" * 1000 + b"&"

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert phone.browser.post("/sign-in", content=pieces(), headers=form).status_code == 413


@pytest.fixture
def office(phone: Phone, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """The first administrator, made by the command, signed in with the password."""
    monkeypatch.setenv("QINGZAI_DATABASE_URL", sqlite_url)
    make = ["account", "create-admin", "--phone", PHONE, "--name", "王主任", "--password-stdin"]
    assert CliRunner().invoke(commands, make, input="short\n").exit_code == 2
    assert CliRunner().invoke(commands, make, input="correct horse\n").exit_code == 0
    assert CliRunner().invoke(commands, make, input="correct horse\n").exit_code == 2
    answer = phone.browser.post("/sign-in/password", data={"phone": PHONE, "password": "correct horse"})
    assert answer.headers["location"] == "/me"
    return phone


def test_the_first_administrator_grants_a_role_on_the_pages(office: Phone) -> None:
    where = office.browser.post("/office/accounts", data={"phone": "13900139000", "name": "李"}).headers["location"]
    wrong = office.browser.post(f"{where}/grants?lang=en", data={"role": "site_coordinator", "ends_on": "x"})
    assert (wrong.status_code, "A date is needed" in wrong.text) == (422, True)
    assert office.browser.post(f"{where}/grants", data={"role": "auditor"}).headers["location"] == where
    page = office.browser.get("/office/accounts?staff=1&q=9000&lang=zh").text
    assert [text in page for text in ("139****9000", "检查人员", "138****8000", "13900139000")] == [
        True,
        True,
        False,
        False,
    ]
    listed = CliRunner().invoke(commands, ["account", "list"]).output
    assert listed == "李  139****9000  auditor (looks only)\n王主任  138****8000  district office\n"
    assert CliRunner().invoke(commands, ["account", "revoke-sessions", PHONE]).exit_code == 0
    assert office.browser.get("/me").status_code == 303


@pytest.mark.parametrize("search", ["%", "_", "' OR 1=1 --", "x" * 100])
def test_a_search_takes_every_letter_as_it_is(office: Phone, search: str) -> None:
    assert office.browser.get("/api/v1/accounts", params={"q": search}).json()["total"] == 0


def test_a_token_is_shown_once_and_does_what_it_names(office: Phone) -> None:
    made = office.browser.post("/office/tokens", data={"name": "大屏", "scopes": ["account.see"]})
    [token] = re.findall(r"qingzai_[\w-]{43}", made.text)
    assert token not in office.browser.get("/office/tokens").text
    machine = TestClient(office.app, headers={"Authorization": f"Bearer {token}"})
    assert machine.get("/api/v1/accounts").json()["total"] == 1
    refused = machine.post("/api/v1/accounts", json={"phone": "13900139000", "name": "李"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
    [row] = office.browser.get("/api/v1/tokens").json()["items"]
    assert row["used_at"] is not None
    assert office.browser.delete(f"/api/v1/tokens/{row['id']}").status_code == 204
    assert machine.get("/api/v1/accounts").status_code == 401


def test_a_bad_token_is_nobody_even_beside_a_good_cookie(office: Phone) -> None:
    answer = office.browser.get("/api/v1/session", headers={"Authorization": "Bearer qingzai_wrong"})
    assert answer.status_code == 401


def test_the_interface_says_what_is_wrong_with_each_field(office: Phone) -> None:
    answer = office.browser.post("/api/v1/tokens?lang=en", json={"name": "", "scopes": ["all"]}).json()["error"]
    assert [(p["field"], p["code"]) for p in answer["facts"]["problems"]] == [
        ("name", "needed"), ("scopes", "scope_unknown"),
    ]  # fmt: skip


def test_cookies_are_secure_where_the_setting_says_so(sqlite_url: str, tmp_path: Path) -> None:
    made = Phone(sqlite_url, tmp_path)
    made.app.state.settings = Settings(sqlite_url, is_https=True)
    answer = made.browser.post("/sign-in", data={"phone": PHONE})
    assert "Secure" in answer.headers["set-cookie"]


def test_a_sender_is_a_function_that_is_there() -> None:
    assert find_sender("api.senders:console") is find_sender("console")
    for setting in ("nothing", "json:nothing", "file:", "json:__name__"):
        with pytest.raises(Refused):
            find_sender(setting)


def test_the_menu_speaks_english() -> None:
    with (LOCALES / "en" / "messages.po").open("rb") as file:
        known = {message.id for message in read_po(file, locale="en") if message.string}
    assert [text for line in MENU for text in (line.group, line.label, line.hint) if text not in known] == []
