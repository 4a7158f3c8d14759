"""A town behind a real server, and browsers as wide as a phone that look at every page they come to."""

from __future__ import annotations

import json
import os
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select
from town import a_round, family, make_town, move, office

from api.access import SESSION_COOKIE
from registry import clock
from registry.accounts.permissions import Actor
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, Role
from registry.db import make_engine, session_scope
from registry.enrolment.applications import begin
from registry.enrolment.sending import submit
from registry.enrolment.tables import Application, EnrolmentRound, PriorityGroup
from registry.enrolment.wishes import set_wishes
from registry.programme import ClassRun

WIDTH = 390
PHONE = "13912345678"


class Town:
    """A town behind a real server, with its outbox in a file and its draws in a process of their own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.engine, self.outbox, self.url = make_engine(url), folder / "outbox.jsonl", url
        self.address = ""
        with session_scope(self.engine, is_writing=True) as session:
            self.runs = make_town(session, places=1)
            session.add(PriorityGroup(code="low_income", name_zh="低保家庭", name_en="Low income", tier=0))

    def round(self, mode: str, places: int = 1) -> int:
        """A round that is open."""
        with session_scope(self.engine, is_writing=True) as session:
            made = a_round(session, self.runs, places=places, mode=mode, families="prefer-together")
            made.confirm_by = clock.now() + timedelta(days=3) if mode == "lottery" else None
            return made.id or 0

    def family(self, name: str) -> tuple[Actor, int, str]:
        """A family that is signed in, its child, and its token."""
        with session_scope(self.engine, is_writing=True) as session:
            actor, [child] = family(session, name)
            account = session.get_one(Account, actor.account_id)
            return actor, child.id or 0, sign_in(session, account, device="phone", address="")

    def office(self) -> tuple[Actor, str]:
        """The district office, and its token."""
        with session_scope(self.engine, is_writing=True) as session:
            actor = office(session)
            account = session.get_one(Account, actor.account_id)
            return actor, sign_in(session, account, device="office", address="")

    def coordinator(self) -> str:
        """The token of who coordinates the first site."""
        with session_scope(self.engine, is_writing=True) as session:
            site = session.get_one(ClassRun, self.runs[0]).site_id
            actor = office(session, Role.SITE_COORDINATOR, site)
            return sign_in(session, session.get_one(Account, actor.account_id), device="site", address="")

    def claim(self, number: str) -> tuple[str, str]:
        """What was decided about an application's claim, and who saw the papers."""
        with session_scope(self.engine) as session:
            found = session.exec(select(Application).where(Application.number == number)).one()
            return found.group_status, found.group_verified_by

    def sent(self, round_id: int, name: str, wishes: list[int], group: str | None = None) -> tuple[str, str]:
        """The number of an application that a family sent, and the family's token."""
        actor, child, token = self.family(name)
        with session_scope(self.engine, is_writing=True) as session:
            number = begin(session, actor, round_id, child).number
            mine = set_wishes(session, actor, number, wishes, None)
            if group:
                mine.group_code, mine.group_status = group, "claimed"
            submit(session, actor, number, f"key-{number}")
        return number, token

    def applications(self) -> list[tuple[str, str]]:
        """Number and state of every application."""
        with session_scope(self.engine, is_writing=True) as session:
            rows = session.exec(select(Application).order_by(col(Application.id)))
            return [(row.number, row.status) for row in rows]

    def close(self, round_id: int) -> None:
        """Let the round's time be over."""
        with session_scope(self.engine, is_writing=True) as session:
            its = session.get_one(EnrolmentRound, round_id)
            move(session, its, closes_at=clock.now() - timedelta(seconds=1))

    def code(self) -> str:
        """The code in the newest message to the phone."""
        for _ in range(100):
            lines = self.outbox.read_text("utf-8").splitlines() if self.outbox.exists() else []
            mine = [json.loads(line)["text"] for line in lines if json.loads(line)["phone"] == PHONE]
            if mine and (found := re.search(r"\b\d{6}\b|(?<!\d)\d{6}(?!\d)", mine[-1])):
                return found[0]
            time.sleep(0.1)
        raise AssertionError("no message came")


class Phone:
    """A browser as wide as a phone. Every page is checked: no wider than the screen; one heading; no raw code."""

    def __init__(
        self, browser: Any, town: Town, token: str = "", language: str = "zh", *, scripts: bool = True
    ) -> None:
        self.context = browser.new_context(viewport={"width": WIDTH, "height": 844}, java_script_enabled=scripts)
        self.context.set_default_timeout(30_000)
        self.page, self.town, self.language = self.context.new_page(), town, language
        self.steps, self.fields, self.pictures, self.scripts = 0, 0, 0, scripts
        cookies = {"lang": language} | ({SESSION_COOKIE: token} if token else {})
        self.context.add_cookies([{"name": n, "value": v, "url": town.address} for n, v in cookies.items()])

    def go(self, path: str) -> None:
        self.page.goto(f"{self.town.address}{path}")
        self.look()

    def tap(self, name: str, role: str = "button", nth: int = 0) -> None:
        """Tap what bears this name; the page that comes is looked at."""
        self.page.get_by_role(role, name=name).nth(nth).click()
        self.steps += 1
        self.page.wait_for_load_state()
        self.look()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(value)
        self.fields += 1

    def choose(self, name: str, value: str) -> None:
        """Tick a radio or box by its field and value."""
        self.page.locator(f'input[name="{name}"][value="{value}"]').check()
        self.steps += 1

    def look(self) -> None:
        """Keep a picture where wanted; make sure that nothing is cut off."""
        self.page.wait_for_load_state()
        self.page.get_by_role("heading", level=1).first.wait_for()
        folder = os.environ.get("QINGZAI_PICTURES")
        if folder:
            test = os.environ["PYTEST_CURRENT_TEST"].split("::")[1].split(" ")[0]
            self.pictures += 1
            self.page.screenshot(path=f"{folder}/{test}-{self.pictures:02d}.png", full_page=True)
        if self.scripts:
            assert self.page.evaluate("document.documentElement.scrollWidth") <= WIDTH, self.page.url
        assert self.page.get_by_role("heading", level=1).count() == 1, self.page.url

    def says(self, text: str) -> bool:
        return self.page.get_by_text(text).first.is_visible()

    @property
    def path(self) -> str:
        return str(self.page.url).removeprefix(self.town.address)

    def number(self) -> str:
        return str(self.page.locator(".number").inner_text()).replace(" ", "")
