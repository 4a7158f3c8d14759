"""The interface of enrolment: a round made by the office, an application sent by a machine of a family, one shape."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from asking import TestClient
from sqlmodel import Session
from town import YEAR, family, make_town, office

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry import clock
from registry.accounts.permissions import Actor
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.db import make_engine, session_scope

API = "/api/v1"
HERE = {"Origin": "http://testserver"}
"""What a browser says of a form of this site."""


class Town:
    """A database with a town, an office and two families, each with a signed-in browser."""

    def __init__(self, url: str) -> None:
        self.engine, self.app = make_engine(url), create_app(Settings(url))
        with session_scope(self.engine) as session:
            self.runs = make_town(session)
            self.office = self.browser(session, office(session))
            actor, [self.child] = family(session)
            self.family, self.other = self.browser(session, actor), self.browser(session, family(session)[0])
        self.nobody = TestClient(self.app, headers=HERE)

    def browser(self, session: Session, actor: Actor) -> TestClient:
        account = session.get_one(Account, actor.account_id)
        made = TestClient(self.app, headers=HERE)
        made.cookies.set(SESSION_COOKIE, sign_in(session, account, device="", address=""))
        return made

    def round(self, **changes: object) -> int:
        """A round made, filled and announced through the interface."""
        now = clock.now()
        given = {
            "season": YEAR, "name": "第一轮", "opens_at": (now - timedelta(hours=1)).isoformat(),
            "closes_at": (now + timedelta(hours=1)).isoformat(), **changes,
        }  # fmt: skip
        made = self.office.post(f"{API}/rounds", json=given)
        assert (made.status_code, made.json()["phase"]) == (201, "draft")
        number: int = made.json()["id"]
        items = [{"class_run": run, "places": 1} for run in self.runs]
        assert self.office.put(f"{API}/rounds/{number}/classes", json={"items": items}).status_code == 200
        assert self.office.post(f"{API}/rounds/{number}/announce").json()["phase"] == "open"
        return number


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    made = Town(database_url)
    yield made
    made.app.state.engine.dispose()
    made.engine.dispose()


def test_from_a_round_to_a_confirmed_place(town: Town) -> None:
    its = town.round(mode="first_come", confirm_by=(clock.now() + timedelta(days=1)).isoformat())
    begun = town.family.post(f"{API}/applications", json={"round": its, "child": town.child.id})
    assert (begun.status_code, begun.json()["status"]["code"]) == (201, "draft")
    number, path = begun.json()["number"], f"{API}/applications/{begun.json()['number']}"
    changed = town.family.put(path, json={"version": 1, "wishes": [town.runs[0]], "weekdays": [1, 2]})
    assert [wish["class_run"] for wish in changed.json()["wishes"]] == [town.runs[0]]
    sent = [town.family.post(f"{path}/submit", json={"request_key": "k" * 12}).json() for _ in range(2)]
    assert sent[0] == sent[1]
    assert (sent[0]["status"]["code"], sent[0]["wishes"][0]["place"]) == ("placed", "offered")
    done = town.family.post(f"{API}/offers/{sent[0]['wishes'][0]['offer']}/confirm").json()
    assert done["status"]["code"] == "confirmed"
    [line] = town.family.get(f"{API}/applications").json()["items"]
    assert (line["number"], line["status"]["said"]) == (number, "已确认：东街少年宫 1-2年级班（第一期）")
    [free] = [
        row["free"] for row in town.nobody.get(f"{API}/rounds/{its}/classes?q=东街 1-2 第一期").json()["items"]
    ] or [0]
    assert free == 0


def test_what_goes_wrong_has_one_shape(town: Town) -> None:
    its = town.round()
    number = town.family.post(f"{API}/applications", json={"round": its, "child": town.child.id}).json()["number"]
    path = f"{API}/applications/{number}"
    answers = [
        (town.nobody.get(path), 401, "not_signed_in"),
        (town.other.get(path), 404, "application_unknown"),
        (town.other.post(f"{path}/withdraw"), 404, "application_unknown"),
        (town.other.post(f"{API}/applications", json={"round": its, "child": town.child.id}), 404, "child_unknown"),
        (town.family.post(f"{API}/rounds", json={}), 422, "input_malformed"),
        (town.family.post(f"{API}/rounds/{its}/cancel"), 403, "not_allowed"),
        (town.office.post(f"{API}/rounds/{its}/announce"), 409, "round_announced"),
        (town.family.put(path, json={"version": 9, "wishes": []}), 409, "changed_elsewhere"),
        (town.family.put(path, json={"version": 1, "wishes": [9999]}), 422, "input_invalid"),
        (town.family.put(path, json={"version": 1, "wishes": [10**30]}), 422, "input_malformed"),
        (town.family.post(f"{path}/submit", json={"request_key": "k" * 50_000}), 422, "input_malformed"),
        (town.family.post(f"{path}/submit", json={"request_key": "k" * 12}), 422, "input_invalid"),
        (town.office.post(f"{path}/approve", json={"class_run": 1}), 409, "not_by_approval"),
        (town.nobody.get(f"{API}/rounds/{its}/notice"), 404, "notice_unknown"),
        (town.nobody.get(f"{API}/rounds/999"), 404, "round_unknown"),
    ]
    found = [(a.status_code, a.json()["error"]["code"]) for a, _, _ in answers]
    assert found == [(status, code) for _, status, code in answers]


def test_a_round_shows_its_commitment_and_never_its_secret(town: Town) -> None:
    its = town.round()
    told = town.nobody.get(f"{API}/rounds/{its}").json()
    assert (len(told["seed_commitment"]), "seed_secret" in told) == (64, False)
    assert [r["id"] for r in town.nobody.get(f"{API}/rounds").json()["items"]] == [its]
    assert town.nobody.get(f"{API}/rounds/{its}/classes?grade=3").json()["total"] == 1
