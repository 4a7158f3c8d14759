"""Every kind of page, as each of its readers gets it from a made-up district, asked by axe-core: does everything have
a name, an order and enough contrast for who cannot see it or cannot see it well?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import served
from sqlmodel import Session, select

from api.access import SESSION_COOKIE
from api.settings import Settings
from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account
from registry.board.boards import open_board
from registry.db import make_engine, session_scope, sessions
from registry.demo import MONDAY, make_district
from registry.demo.children import COORDINATOR_PHONE, LEAD_PHONE, class_with_children
from registry.demo.enrolment import FAMILY_PHONE, OFFICE_PHONE
from registry.duties.days import someone_on_duty
from registry.duties.publish import publish
from registry.people import Volunteer
from registry.programme import ClassRun
from registry.rostering.drafts import make_draft

pytestmark = pytest.mark.browser
WEEK = MONDAY.isoformat()
NOBODY, FAMILY, VOLUNTEER, LEAD = "nobody", "family", "volunteer", "lead"
COORDINATOR, OFFICE = "coordinator", "office"
PAGES = {
    NOBODY: (
        *("/", "/sign-in", "/enrol", "/privacy", "/verify"),
        *(f"/weeks/{WEEK}{rest}" for rest in ("", "/classes", "/volunteers", "/sites")),
    ),
    FAMILY: ("/me", "/family", "/family/children/1", "/family/children/2/today", "/family/children/2/books", "/enrol"),
    VOLUNTEER: ("/me", "/duties", "/duties/open", "/duties/wishes", "/duties/calendar", "/certificates", "/notes"),
    LEAD: (
        "/attendance",
        "/notes",
        "/notes/review/{run}",
        "/notes/coverage/{run}",
        "/books",
        "/books/{run}",
        "/books/{run}/2",
        "/books/{run}/2/preview",
        "/books/{run}/class",
        "/attendance/classes/{run}/figures",
    ),
    COORDINATOR: (
        *("/board", f"/board/{WEEK}", "/board/{week}/sites/{site}", "/make", f"/make/{WEEK}", "/answers"),
        *(f"/board/{WEEK}/{page}" for page in ("repairs", "substitutes", "standbys", "data", "prints", "book")),
    ),
    OFFICE: (
        *("/office/rosters", f"/office/rosters/{WEEK}", "/office/rounds", "/office/accounts", "/office/certificates"),
        *("/office/insurance", "/office/children", "/office/volunteering", "/office/books", "/attendance/floor"),
    ),
}
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}"


class Readers:
    """A district with a published week, and the tokens of who reads it."""

    def __init__(self, url: str) -> None:
        engine = make_engine(url)
        with session_scope(engine, is_writing=True) as session:
            make_district(session)
        draft = make_draft(sessions(engine), MONDAY, seconds=5, workers=2)
        with session_scope(engine, is_writing=True) as session:
            assert draft.roster_json is not None
            publish(session, MONDAY, draft.problem_json, draft.roster_json, seed=draft.seed)
            self.run = class_with_children(session) or 0
            self.site = f"s{session.get_one(ClassRun, self.run).site_id}"
            phones = {FAMILY: FAMILY_PHONE, OFFICE: OFFICE_PHONE, LEAD: LEAD_PHONE, COORDINATOR: COORDINATOR_PHONE}
            phones[VOLUNTEER] = someone_on_duty(session, MONDAY, self.run)
            self.tokens = {reader: self._token(session, phone) for reader, phone in phones.items()}
            open_board(session, MONDAY)
        engine.dispose()

    def _token(self, session: Session, phone: str) -> str:
        return sign_in(session, self._account(session, phone), device="", address="")

    def _account(self, session: Session, phone: str) -> Account:
        """Whose phone it is; volunteers get their account when they sign in for the first time."""
        account = session.exec(select(Account).where(Account.phone == phone)).first()
        if account is None:
            volunteer = session.exec(select(Volunteer.id).where(Volunteer.phone == phone)).first()
            account = Account(phone=phone, name="某人", volunteer_id=volunteer, created_at=clock.now())
            session.add(account)
            session.flush()
        return account


@pytest.fixture(scope="module")
def readers(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Readers]]:
    path = tmp_path_factory.mktemp("accessible") / "qingzai.db"
    path.write_bytes(sqlite_template.read_bytes())
    made = Readers(f"sqlite:///{path}")
    with served(Settings(f"sqlite:///{path}")) as address:
        yield address, made


@pytest.fixture(scope="module")
def axe() -> str:
    import axe_playwright_python

    [script] = Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")
    return script.read_text("utf-8")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("reader", PAGES)
def test_whoever_cannot_see_a_page_can_use_it(
    browser: Any, axe: str, readers: tuple[str, Readers], reader: str, width: int
) -> None:
    address, made = readers
    context = browser.new_context(viewport={"width": width, "height": 844})
    context.set_default_timeout(60_000)
    if reader in made.tokens:
        context.add_cookies([{"name": SESSION_COOKIE, "value": made.tokens[reader], "url": address}])
    page, wrong = context.new_page(), {}
    for path in (one.format(run=made.run, site=made.site, week=WEEK) for one in PAGES[reader]):
        answer = page.goto(f"{address}{path}")
        assert answer.status == 200, (path, answer.status)
        page.evaluate(axe)
        found = page.evaluate(f"axe.run(document, {RULES})")
        assert len(found["passes"]) > 10  # it did look
        wrong |= {f"{path} {v['id']}": [node["html"][:200] for node in v["nodes"]][:3] for v in found["violations"]}
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong[f"{path} wider than the screen"] = []
    context.close()
    assert wrong == {}
