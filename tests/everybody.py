"""A small season with somebody of each role, and what each has."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from family_routes import FamilyRows
from seasons import LONG_AGO, SmallSeason
from sqlalchemy import Engine
from sqlmodel import select

from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, ApiToken, LoginSession, Role, RoleGrant
from registry.db import session_scope
from registry.enrolment.tables import Draw, EnrolmentRound
from registry.families.tables import Guardian
from registry.people import Volunteer
from registry.programme import Site

NOBODY = "nobody"
PLAIN, GUARDIAN, VOLUNTEER, LEAD, COORDINATOR, ELSEWHERE, OFFICE, AUDITOR = (
    "new account", "guardian", "volunteer", "class lead", "coordinator", "coordinator of another site", "office",
    "auditor",
)  # fmt: skip
SIGNED_IN = (PLAIN, GUARDIAN, VOLUNTEER, LEAD, COORDINATOR, ELSEWHERE, OFFICE, AUDITOR)
ROLES = (NOBODY, *SIGNED_IN)
Params = dict[str, Any]


class World:
    """A small season with somebody of each role."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.numbers, self.families = engine, count(50), FamilyRows(engine)
        with session_scope(engine) as session:
            season = SmallSeason(session)
            run = season.class_run(2)
            other = season.add(Site(name="乙点位", subdistrict="二街", longitude=106.6, latitude=29.6))
            self.ids = {role: season.account().id or 0 for role in SIGNED_IN}
            season.add(Guardian(account_id=self.ids[GUARDIAN], name="家长", created_at=LONG_AGO))
            helper = season.add(
                Volunteer(
                    name="志愿者", sex="male", born_on=date(2000, 1, 1), kind="teacher", max_segments=5,
                    preferred_segments=3, reach_km=5.0,
                )
            )  # fmt: skip
            session.get_one(Account, self.ids[VOLUNTEER]).volunteer_id = helper.id
            for role, held, scope in (
                (LEAD, Role.CLASS_LEAD, {"class_run_id": run.id}),
                (COORDINATOR, Role.SITE_COORDINATOR, {"site_id": season.site.id}),
                (ELSEWHERE, Role.SITE_COORDINATOR, {"site_id": other.id}),
                (OFFICE, Role.DISTRICT_OFFICE, {}),
                (AUDITOR, Role.AUDITOR, {}),
            ):
                season.add(self._grant(self.ids[role], held, **scope))
            self.cookies = {
                role: sign_in(session, session.get_one(Account, number), device="", address="")
                for role, number in self.ids.items()
            }

    def _grant(self, account_id: int, role: Role, **scope: int | None) -> RoleGrant:
        started = clock.today() - timedelta(days=1)
        return RoleGrant(account_id=account_id, role=role, starts_on=started, granted_at=LONG_AGO, **scope)

    def account(self) -> int:
        """Somebody else."""
        with session_scope(self.engine) as session:
            made = Account(phone=f"137{next(self.numbers):08d}", name="别人", created_at=LONG_AGO)
            session.add(made)
            session.flush()
            return made.id or 0

    def grant(self) -> tuple[int, int]:
        """A role of somebody else."""
        number = self.account()
        with session_scope(self.engine) as session:
            made = self._grant(number, Role.AUDITOR)
            session.add(made)
            session.flush()
            return number, made.id or 0

    def session_of(self, account_id: int) -> int:
        """One more session of an account."""
        with session_scope(self.engine) as session:
            sign_in(session, session.get_one(Account, account_id), device="", address="")
            return max(n or 0 for n in session.exec(select(LoginSession.id)))

    def token(self) -> int:
        """A token of the office."""
        with session_scope(self.engine) as session:
            made = ApiToken(
                account_id=self.ids[OFFICE],
                name="x",
                token_hash=f"{next(self.numbers)}",
                scopes=[],
                created_at=LONG_AGO,
            )
            session.add(made)
            session.flush()
            return made.id or 0

    def round(self) -> int:
        """A round that has closed, to be drawn."""
        with session_scope(self.engine) as session:
            number = 100 * next(self.numbers)  # rounds that are made by asking take the next number
            made = EnrolmentRound(
                season=2026, number=number, name=f"第{number}轮", mode="lottery", opens_at=LONG_AGO,
                closes_at=LONG_AGO + timedelta(days=9), seed_secret="a secret that nobody can guess, 2026",
                announced_at=LONG_AGO,
            )  # fmt: skip
            session.add(made)
            session.flush()
            return made.id or 0

    def draw(self) -> int:
        """A draw that is over: each of its steps is refused to the office as a conflict, to others as theirs not."""
        number = self.round()
        with session_scope(self.engine) as session:
            made = Draw(
                round_id=number, status="published", seed="x", seed_source="x", problem_json={}, created_at=LONG_AGO,
                published_at=LONG_AGO,
            )  # fmt: skip
            session.add(made)
            session.flush()
            return made.id or 0
