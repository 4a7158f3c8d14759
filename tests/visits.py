"""A town with a round, and browsers of families and strangers on it."""

from __future__ import annotations

import re

from asking import TestClient
from httpx2 import Response
from sqlmodel import col, select
from town import a_round, family, make_town, office

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry.accounts.permissions import Actor
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, Role
from registry.db import make_engine, session_scope
from registry.enrolment.tables import Application, Wish
from registry.families.tables import Child

HERE = {"Origin": "http://testserver"}
"""What a browser says of a form of this site."""


class Visit:
    """A database with a town and a round, and browsers on it."""

    def __init__(self, url: str) -> None:
        self.url, self.engine = url, make_engine(url)
        with session_scope(self.engine) as session:
            self.runs = make_town(session, places=2)
        self.app = create_app(Settings(url))

    def round(self, **changes: object) -> int:
        with session_scope(self.engine) as session:
            return a_round(session, self.runs, places=2, **changes).id or 0

    def family(self, *names: str) -> tuple[Actor, list[Child], TestClient]:
        with session_scope(self.engine) as session:
            actor, children = family(session, *names)
        return actor, children, self._browser(actor)

    def office(self) -> TestClient:
        return self.staff(Role.DISTRICT_OFFICE)

    def staff(self, role: Role, site_id: int | None = None) -> TestClient:
        with session_scope(self.engine) as session:
            actor = office(session, role, site_id)
        return self._browser(actor)

    def _browser(self, actor: Actor) -> TestClient:
        with session_scope(self.engine) as session:
            token = sign_in(session, session.get_one(Account, actor.account_id), device="phone", address="")
        browser = TestClient(self.app, headers=HERE, follow_redirects=True)
        browser.cookies.set(SESSION_COOKIE, token)
        return browser

    def stranger(self) -> TestClient:
        return TestClient(self.app, headers=HERE, follow_redirects=False)

    def rows(self, table: type[Application]) -> list[Application]:
        with session_scope(self.engine) as session:
            return list(session.exec(select(table).order_by(col(table.id))))

    def wishes(self) -> list[int]:
        with session_scope(self.engine) as session:
            return list(session.exec(select(Wish.class_run_id).order_by(col(Wish.application_id), col(Wish.rank))))


def hidden(page: Response, name: str) -> str:
    """What stands in a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]


def first_line(page: Response) -> str:
    """The status line of an application's page."""
    found = re.search(r'<p class="first">(.*?)</p>', page.text)
    assert found
    return found[1]


def choose(browser: TestClient, its: int, child: int, *runs: int) -> str:
    """Begin an application and choose; answers its number."""
    page = browser.post(f"/enrol/rounds/{its}/start", data={"child": child})
    number = page.url.path.split("/")[3]
    for run in runs:
        browser.post(f"/enrol/applications/{number}/wishes", data={"do": "add", "class_run": run})
    return number


def send(browser: TestClient, number: str, **changes: object) -> Response:
    """The form of the review page, as a browser sends it."""
    page = browser.get(f"/enrol/applications/{number}/review")
    form = {
        "request_key": hidden(page, "request_key"), "version": hidden(page, "version"),
        "weekdays": [1, 2, 3, 4, 5], "seats": 1, "together": "yes", "group": "",
    }  # fmt: skip
    return browser.post(f"/enrol/applications/{number}/submit", data={**form, **changes})
