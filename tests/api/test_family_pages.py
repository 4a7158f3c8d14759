"""The pages of a family and the same as JSON: the way through, what is refused at its field, whose rows they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from asking import TestClient
from households import Household, born, child_input, household, stranger
from sqlmodel import Session
from test_query_counts import counted

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry.db import make_engine, session_scope
from registry.families.around import save_collector, save_contact, save_restriction
from registry.families.children import set_health_note
from registry.families.guardians import invite_guardian
from registry.families.inputs import PersonInput, RestrictionInput
from registry.families.views import child_page
from registry.privacy.consents import answer_consents, texts_now
from registry.privacy.tables import ConsentItem

HERE = {"Origin": "http://testserver"}
SECRETS = ("张小丰", "李四", "赵六", "对花生过敏", "13900139001", "示范小学", "张三丰")
"""What the full child of `filled` holds."""


@pytest.fixture
def web(database_url: str) -> Iterator[TestClient]:
    """Nobody is signed in at first; answers to forms are not followed on."""
    with TestClient(create_app(Settings(database_url)), follow_redirects=False, headers=HERE) as client:
        yield client


@pytest.fixture
def stored(database_url: str) -> Iterator[Session]:
    """What is stored is there for the pages once `commit` was called."""
    engine = make_engine(database_url)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def enter(web: TestClient, who: Household) -> None:
    """Sign in as somebody, with what was stored."""
    who.session.commit()
    web.cookies.set(SESSION_COOKIE, who.token)


def filled(home: Household) -> int:
    """A child with everything around it."""
    child, session, actor = home.child(), home.session, home.actor
    save_contact(session, actor, child, PersonInput("李四", "13900139001", "friend"))
    save_collector(session, actor, child, PersonInput("李四", "13900139001", "friend"))
    save_restriction(session, actor, child, RestrictionInput("赵六"))
    invite_guardian(session, actor, child, "13900139001", "father")
    text = texts_now(session)[ConsentItem.HEALTH]
    answer_consents(session, actor, child, {ConsentItem.HEALTH: True}, {ConsentItem.HEALTH: text.digest})
    set_health_note(session, actor, child, "对花生过敏")
    return child


def entered(**changes: str) -> dict[str, str]:
    """A form with a new child."""
    child = child_input()
    names = ("name", "sex", "born_on", "entry_year", "school")
    return {name: getattr(child, name) for name in names} | {"relation": "grandmother"} | changes


def shown_texts(page: str) -> dict[str, str]:
    """The hidden fields that name the texts on a page of consents."""
    return dict(re.findall(r'name="(text-\w+)" value="(\w{64})"', page))


def test_from_the_first_visit_to_a_child_that_can_be_enrolled(web: TestClient, stored: Session) -> None:
    enter(web, stranger(stored))
    assert "添加孩子" in web.get("/family").text
    sent = web.post("/family/children/new?next=/enrol/rounds/1", data=entered(guardian_name="张三丰"))
    address = sent.headers["location"]
    assert re.fullmatch(r"/family/children/\d+/consents\?next=%2Fenrol%2Frounds%2F1", address)
    texts = shown_texts(web.get(address).text)
    assert len(texts) == 7
    chosen = {name.removeprefix("text-"): "no" if "photo" in name else "yes" for name in texts}
    sent = web.post(address, data=texts | chosen)
    address = sent.headers["location"]
    assert address.endswith("/contacts/new?next=%2Fenrol%2Frounds%2F1")
    sent = web.post(address, data={"name": "李四", "phone": "139 0013 9001", "relation": "friend"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/enrol/rounds/1")
    (child,) = web.get("/api/v1/children").json()["items"]
    assert (child["name"], child["missing"], child["can_enrol"]) == ("张小丰", [], True)
    assert "可以报名" in web.get("/family").text


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("zh", ("姓名里只能有文字和“·”", "这一天还没有到", "请选一项", "最多 100 个字，现在有 50000 个")),
        (
            "en",
            (
                "A name has letters",
                "This day is still to come",
                "Choose one",
                "At most 100 characters; there are 50000",
            ),
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_entry_is_kept(
    web: TestClient, stored: Session, language: str, sentences: tuple[str, ...]
) -> None:
    enter(web, household(stored))
    wrong = entered(name="<script>alert(1)</script>", born_on="2199-01-01", sex="", school="x" * 50_000)
    answer = web.post(f"/family/children/new?lang={language}", data=wrong)
    assert answer.status_code == 422
    beside = re.findall(r'<span class="problem" id="(\w+)-problem">([^<]+)', answer.text)
    assert [name for name, _ in beside] == ["name", "sex", "born_on", "school"]
    assert all(any(sentence in said for _, said in beside) for sentence in sentences)
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in answer.text
    assert "<script" not in answer.text
    assert web.get("/api/v1/children").json() == {"items": []}


def test_nothing_is_chosen_beforehand_and_what_was_not_chosen_is_told(web: TestClient, stored: Session) -> None:
    home = household(stored)
    child = home.child()
    enter(web, home)
    address = f"/family/children/{child}/consents"
    page = web.get(address).text
    assert (page.count('type="radio"'), page.count("checked")) == (14, 0)
    answer = web.post(address, data=shown_texts(page) | {"data": "yes", "outing": "perhaps"})
    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-problem"', answer.text) == [
        "insurance", "class_photo", "public_photo", "health", "outing", "self_leave",
    ]  # fmt: skip
    assert answer.text.count("checked") == 1


def test_consent_is_taken_back_with_one_tap(web: TestClient, stored: Session) -> None:
    home = household(stored)
    child = home.child()
    enter(web, home)
    address = f"/family/children/{child}/consents"
    texts = shown_texts(web.get(address).text)
    web.post(address, data=texts | {name.removeprefix("text-"): "yes" for name in texts})
    tap = {"stay": "1", "text-class_photo": texts["text-class_photo"], "class_photo": "no"}
    assert web.post(address, data=tap).headers["location"] == address
    answers = {i["item"]: i["is_given"] for i in web.get(f"/api/v1/children/{child}/consents").json()["items"]}
    assert answers == {item.value: item is not ConsentItem.CLASS_PHOTO for item in ConsentItem}


PAGES = (
    "",
    "/edit",
    "/remove",
    "/health",
    "/paper",
    "/invite",
    "/consents",
    "/contacts/new",
    "/contacts/1",
    "/collectors/1",
)
POSTS = (
    *("/edit", "/remove", "/health", "/paper", "/invite", "/consents", "/contacts/new", "/contacts/1", "/collectors/1"),
    *("/contacts/1/remove", "/restrictions/1/remove", "/invitations/1/withdraw"),
)


def test_another_family_and_nobody_find_nothing(web: TestClient, stored: Session) -> None:
    """Exactly as for a child that does not exist, on every page, while there is a child full of what could leak."""
    home, other = household(stored), household(stored, "王五")
    child = filled(home)
    enter(web, other)
    asked = [*(("GET", path) for path in PAGES), *(("POST", path) for path in POSTS)]
    for method, path in asked:
        answers = []
        for number in (child, child + 1000):
            answer = web.request(
                method, f"/family/children/{number}{path}", data={"name": "x"} if method == "POST" else None
            )
            answers.append((answer.status_code, answer.text.replace(f"/{number}", "/N")))
        assert answers[0] == answers[1], path
        assert (answers[0][0], [secret for secret in SECRETS if secret in answers[0][1]]) == (404, []), path
    for path in ("", "/consents"):
        assert web.get(f"/api/v1/children/{child}{path}").status_code == 404
    web.cookies.clear()
    codes = [
        web.request(method, f"/family/children/{child}{path}", data={}).status_code
        for method, path in asked
        if method == "POST"
    ]
    assert codes == [303] * len(POSTS)
    assert web.get("/api/v1/children").status_code == 401
    assert child_page(stored, home.actor, child).child.name == "张小丰"


def test_the_own_page_shows_it_all_with_masked_phones_of_others(web: TestClient, stored: Session) -> None:
    home = household(stored)
    child = filled(home)
    enter(web, home)
    page = web.get(f"/family/children/{child}").text
    assert [secret for secret in SECRETS if secret not in page] == ["13900139001"]
    assert (home.account.phone in page, page.count("139****9001")) == (True, 3)
    answer = web.get(f"/api/v1/children/{child}").json()
    assert (answer["health_note"], answer["contacts"][0]["phone"], answer["forbidden_collectors"][0]["name"]) == (
        "对花生过敏", "139****9001", "赵六",
    )  # fmt: skip


def test_an_invitation_shows_masked_names_and_its_wrong_answers_are_counted(web: TestClient, stored: Session) -> None:
    home, right = household(stored), stranger(stored, "13900139001")
    child = filled(home)
    enter(web, right)
    assert [s for s in SECRETS if s in web.get("/family").text] == []
    (invitation,) = web.get("/api/v1/invitations").json()["items"]
    assert (invitation["child"], invitation["by"]) == ("张*丰", "张*丰")
    address = f"/family/invitations/{invitation['id']}"
    answer = web.post(address, data={"born_on": "20010101", "guardian_name": "李爸"})
    assert (answer.status_code, "出生日期对不上" in answer.text) == (422, True)
    assert [s for s in SECRETS if s in answer.text] == []
    stored.expire_all()
    assert child_page(stored, home.actor, child).invitations[0].tries == 1
    answer = web.post(address, data={"born_on": f"{born(9):%Y%m%d}"})
    assert answer.headers["location"] == f"/family/children/{child}"
    assert web.get(f"/api/v1/children/{child}").json()["guardians"][1]["name"] == "李爸"


@pytest.mark.parametrize("following", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"])
def test_no_page_leads_on_to_another_site(web: TestClient, stored: Session, following: str) -> None:
    enter(web, household(stored))
    sent = web.post("/family/me", params={"next": following}, data={"name": "张三丰"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/family")
    child = household(stored, "李四")
    number = child.child()
    enter(web, child)
    for page in ("", "/consents", "/contacts/new"):
        assert (
            "evil" not in web.get(f"/family/children/{number}{page}", params={"next": following}).text.split("<main")[1]
        )


def test_the_interface_does_what_the_pages_do(web: TestClient, stored: Session) -> None:
    enter(web, stranger(stored))
    body = {**entered(guardian_name="张三丰"), "entry_year": int(child_input().entry_year)}
    made = web.post("/api/v1/children", json=body)
    assert (made.status_code, made.json()["missing"]) == (201, ["consents", "contact"])
    here = f"/api/v1/children/{made.json()['id']}"
    wrong = web.put(here, json={**body, "name": "1", "sex": "?"}, params={"lang": "en"}).json()["error"]
    assert (wrong["code"], wrong["facts"]["fields"]) == ("input_invalid", ["name", "sex"])
    contact = web.post(f"{here}/contacts", json={"name": "李四", "phone": "13900139001", "relation": "friend"}).json()
    assert contact["phone"] == "139****9001"
    banned = web.post(f"{here}/forbidden-collectors", json={"name": "赵六"}).json()
    assert (banned["name"], banned["note"]) == ("赵六", None)
    asked = web.post(f"{here}/invitations", json={"phone": "13900139002", "relation": "father"}).json()
    items = web.get(f"{here}/consents").json()["items"]
    answers = [{"item": i["item"], "digest": i["digest"], "is_given": True} for i in items]
    assert len(web.post(f"{here}/consents", json={"answers": answers}).json()["history"]) == 7
    done = [
        web.put(f"{here}/health-note", json={"text": "对花生过敏"}),
        web.delete(f"{here}/forbidden-collectors/{banned['id']}"),
        web.delete(f"{here}/invitations/{asked['id']}"),
        web.delete(f"{here}/contacts/{contact['id']}"),
    ]
    assert [answer.status_code for answer in done] == [204] * 4
    child = web.get(here).json()
    assert (child["health_note"], child["contacts"], child["forbidden_collectors"], child["invitations"]) == (
        "对花生过敏", [], [], [],
    )  # fmt: skip
    assert web.put(f"{here}/paper", json={"kind": "passport", "number": "E1234567"}).json()["error"]["code"] == (
        "papers_not_collected"
    )
    assert (web.delete(here).status_code, web.get(here).status_code) == (204, 404)


def test_lists_ask_no_more_for_three_children_than_for_one(sqlite_url: str) -> None:
    asked = []
    engine = make_engine(sqlite_url)
    with session_scope(engine) as session:
        home = household(session)
        home.child()
    for more in ((), ("张二", "张三")):
        with session_scope(engine) as session:
            home.session = session
            for name in more:
                filled_child = home.child(name)
                save_contact(session, home.actor, filled_child, PersonInput("李四", "13900139001", "friend"))
        with TestClient(create_app(Settings(sqlite_url))) as web:
            web.cookies.set(SESSION_COOKIE, home.token)
            for path in ("/family", "/api/v1/children"):
                with counted(web.app.state.engine) as seen:  # type: ignore[attr-defined]
                    answer = web.get(path)
                asked.append((len(seen), answer.text.count("张")))
    engine.dispose()
    assert [n for n, _ in asked[:2]] == [n for n, _ in asked[2:]]
    assert [found for _, found in asked] == [2, 1, 4, 3]  # the page names its reader, too
