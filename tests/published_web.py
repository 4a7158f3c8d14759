"""A small published Monday behind the application, and browsers of those whom it concerns."""

from __future__ import annotations

from asking import TestClient
from published import MONDAY, district, number, signed_in, usual
from sqlmodel import col, select
from town import office
from visits import HERE
from workbooks import SmallWorkbook

from api.access import SESSION_COOKIE
from api.app import create_app
from api.settings import Settings
from registry.accounts.permissions import Actor
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, Role
from registry.db import make_engine, session_scope
from registry.duties.answer_tables import Absence, DutyAnswer
from registry.duties.by_link import answer_link
from registry.programme import Site


class Published:
    """The small published Monday behind the application, on the Friday before."""

    def __init__(self, url: str, small: SmallWorkbook) -> None:
        self.engine, self.url = make_engine(url), url
        with session_scope(self.engine, is_writing=True) as session:
            district(session, small)
            usual(session)
        self.app = create_app(Settings(url))

    def browser(self, actor: Actor) -> TestClient:
        with session_scope(self.engine, is_writing=True) as session:
            token = sign_in(session, session.get_one(Account, actor.account_id), device="", address="")
        opened = self.stranger()
        opened.cookies.set(SESSION_COOKIE, token)
        return opened

    def volunteer(self, name: str) -> TestClient:
        with session_scope(self.engine, is_writing=True) as session:
            actor = signed_in(session, name)
        return self.browser(actor)

    def coordinator(self, site: str) -> TestClient:
        with session_scope(self.engine, is_writing=True) as session:
            here = session.exec(select(Site.id).where(Site.name == site)).one()
            actor = office(session, Role.SITE_COORDINATOR, here)
        return self.browser(actor)

    def office(self) -> TestClient:
        with session_scope(self.engine, is_writing=True) as session:
            actor = office(session)
        return self.browser(actor)

    def stranger(self) -> TestClient:
        return TestClient(self.app, headers=HERE, follow_redirects=True)

    def link(self, name: str) -> str:
        with session_scope(self.engine) as session:
            return answer_link(session, number(session, name), MONDAY, MONDAY)

    def count(self) -> tuple[int, int]:
        """Days confirmed, parts that somebody cannot come to."""
        with session_scope(self.engine) as session:
            away = select(Absence).where(col(Absence.withdrawn_at).is_(None))
            return len(session.exec(select(DutyAnswer)).all()), len(session.exec(away).all())
