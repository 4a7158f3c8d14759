"""The made-up season: an open round of all class runs, a grandmother with two children and a draft, and a class that
has its children already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.tables import Account, Role, RoleGrant
from registry.demo.children import make_children
from registry.enrolment.numbers import number_of
from registry.enrolment.round_classes import make_counters, whole_season
from registry.enrolment.rounds import commitment_of
from registry.enrolment.tables import Application, EnrolmentRound, RoundClass, Wish
from registry.families.tables import Child, Guardian, Guardianship
from registry.programme import ClassRun, Season, Site

YEAR = 2026
FAMILY_PHONE, OFFICE_PHONE = "15400088001", "15400088002"
"""With these somebody signs in to the sample; the code stands where the server runs."""
CHILDREN = (("刘一诺", "female", date(2018, 5, 4), 2024), ("刘一鸣", "male", date(2016, 2, 9), 2022))
OPEN_DAYS = 30


def make_season(session: Session, random: Random, sites: Sequence[Site]) -> None:
    """A season with a round that opened yesterday and is open for a month; lunch at most sites, a nap at some."""
    for index, site in enumerate(sites):
        site.serves_lunch, site.offers_nap = index % 4 != 0, index % 3 != 0
    session.add_all([*sites, Season(year=YEAR, name="2026 暑期")])
    session.flush()
    opened = datetime.combine(clock.today() - timedelta(days=1), time(1), UTC)
    its = _round(session, random, opened)
    guardian, children = _family(session, random, its, opened)
    make_children(session, random, guardian, children[1], opened - timedelta(days=30))
    office = Account(phone=OFFICE_PHONE, name="示例区办公室", created_at=opened)
    session.add(office)
    session.flush()
    session.add(
        RoleGrant(
            account_id=office.id or 0, role=Role.DISTRICT_OFFICE.value, starts_on=opened.date(), granted_at=opened
        )
    )
    session.flush()


def _round(session: Session, random: Random, opened: datetime) -> EnrolmentRound:
    secret = f"{random.getrandbits(256):064x}"
    its = EnrolmentRound(
        season=YEAR, number=1, name="2026 暑期第一轮", mode="lottery", opens_at=opened, announced_at=opened,
        closes_at=opened + timedelta(days=OPEN_DAYS), confirm_by=opened + timedelta(days=OPEN_DAYS + 7),
        notes_zh="请给孩子带水杯和薄外套。", notes_en="Please give your child a bottle and a light jacket.",
        seed_secret=secret, seed_commitment=commitment_of(secret),
    )  # fmt: skip
    session.add(its)
    session.flush()
    given = whole_season(session, YEAR)
    session.add_all(
        RoundClass(round_id=its.id or 0, class_run_id=c.class_run_id, places=c.places, min_to_open=c.min_to_open)
        for c in given
    )
    session.flush()
    make_counters(session, [c.class_run_id for c in given])
    return its


def _family(session: Session, random: Random, its: EnrolmentRound, at: datetime) -> tuple[Guardian, Sequence[Child]]:
    account = Account(phone=FAMILY_PHONE, name="刘桂兰", created_at=at)
    session.add(account)
    session.flush()
    guardian = Guardian(account_id=account.id or 0, name="刘桂兰", created_at=at)
    children = [
        Child(
            name=name, sex=sex, born_on=born_on, entry_year=entry, school="青禾第一小学", created_at=at, changed_at=at
        )
        for name, sex, born_on, entry in CHILDREN
    ]
    session.add_all([guardian, *children])
    session.flush()
    session.add_all(
        Guardianship(child_id=c.id or 0, guardian_id=guardian.id or 0, relation="grandmother", created_at=at)
        for c in children
    )
    mine = Application(
        number=number_of(random.randrange(10_000_000, 100_000_000)), draw_name=f"{random.getrandbits(48):012x}",
        round_id=its.id or 0, child_id=children[0].id or 0, guardian_id=guardian.id or 0, weekdays=[1, 2, 3, 4, 5],
        created_at=at, changed_at=at,
    )  # fmt: skip
    session.add(mine)
    session.flush()
    fitting = (
        select(col(ClassRun.id)).where(ClassRun.grade_low <= 2, ClassRun.grade_high >= 2).order_by(col(ClassRun.id))
    )
    wished = enumerate(session.exec(fitting.limit(2)), start=1)
    session.add_all(Wish(application_id=mine.id or 0, rank=rank, class_run_id=run or 0) for rank, run in wished)
    session.flush()
    return guardian, children
