"""A small town that enrols: two sites, three class runs, a season, an office, families. Builders for the tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session, select

from registry import clock
from registry.accounts.permissions import Actor, Held, actor_of
from registry.accounts.tables import Account, OutboxMessage, Role, RoleGrant
from registry.enrolment.applications import begin
from registry.enrolment.numbers import new_number
from registry.enrolment.round_classes import ClassInput, set_classes
from registry.enrolment.rounds import RoundInput, announce_round, create_round
from registry.enrolment.tables import Application, EnrolmentRound, Wish
from registry.enrolment.wishes import set_wishes
from registry.families.tables import Child, Guardian, Guardianship
from registry.privacy.consents import answer_consents, consent_rows
from registry.privacy.tables import ConsentRecord
from registry.programme import ClassRun, Season, Site, Term

_phones = count(13800100000)
YEAR = 2026


def make_town(session: Session, *, places: int = 30) -> list[int]:
    """Two sites, two terms: class runs for grades 1-2 at both in the first, at the first site in the second."""
    session.add(Season(year=YEAR, name="2026 暑期"))
    east = Site(name="东街少年宫", subdistrict="东街街道", address="东街1号", longitude=106.45,
                latitude=29.55, serves_lunch=True, offers_nap=True, coordinator_name="王一",
                coordinator_phone="13900000001")  # fmt: skip
    west = Site(name="西镇少年宫", subdistrict="西镇", address="西镇2号", longitude=106.40, latitude=29.55)
    today = clock.today()
    first = Term(year=YEAR, name="第一期", starts_on=today + timedelta(days=30), ends_on=today + timedelta(days=41))
    second = Term(year=YEAR, name="第二期", starts_on=today + timedelta(days=44), ends_on=today + timedelta(days=55))
    session.add_all([east, west, first, second])
    session.flush()
    runs = [
        ClassRun(site_id=site.id or 0, term_id=term.id or 0, name="1-2年级班", grade_low=1, grade_high=2,
                 capacity=places, min_to_open=0, confirmed=0, parts=parts)
        for site, term, parts in (
            (east, first, ["am", "noon", "pm"]), (west, first, ["am"]), (east, second, ["am", "noon", "pm"])
        )
    ]  # fmt: skip
    older = ClassRun(site_id=east.id or 0, term_id=first.id or 0, name="3-4年级班", grade_low=3, grade_high=4,
                     capacity=places, min_to_open=0, confirmed=0, parts=["am"])  # fmt: skip
    session.add_all([*runs, older])
    session.flush()
    return [run.id or 0 for run in (*runs, older)]


def office(session: Session, role: Role = Role.DISTRICT_OFFICE, site_id: int | None = None) -> Actor:
    """Somebody who holds a role."""
    account = Account(phone=str(next(_phones)), name="办公室", created_at=clock.now())
    session.add(account)
    session.flush()
    grant = RoleGrant(account_id=account.id or 0, role=role.value, site_id=site_id, starts_on=date(2020, 1, 1),
                      granted_at=clock.now())  # fmt: skip
    session.add(grant)
    session.flush()
    return actor_of(session, account, clock.today())


def family(session: Session, *names: str, entry_year: int = 2025, consents: bool = True) -> tuple[Actor, list[Child]]:
    """A guardian with children who are in grade 1 in the summer of 2026, and have answered every consent with yes."""
    account = Account(phone=str(next(_phones)), name="家长", created_at=clock.now())
    session.add(account)
    session.flush()
    guardian = Guardian(account_id=account.id or 0, name="刘桂兰", created_at=clock.now())
    children = [
        Child(name=name, sex="female", born_on=date(2019, 3, 1), entry_year=entry_year, school="青禾第一小学",
              created_at=clock.now(), changed_at=clock.now())
        for name in names or ("张一诺",)
    ]  # fmt: skip
    session.add_all([guardian, *children])
    session.flush()
    for child in children:
        session.add(Guardianship(child_id=child.id or 0, guardian_id=guardian.id or 0, relation="grandparent",
                                 created_at=clock.now()))  # fmt: skip
    session.flush()
    actor = actor_of(session, account, clock.today())
    for child in children if consents else ():
        agree(session, actor, child)
    return actor, children


def agree(session: Session, actor: Actor, child: Child) -> None:
    """Yes to everything that is asked about a child."""
    texts = {row.item: row.text.digest for row in consent_rows(session, child.id or 0)}
    answer_consents(session, actor, child.id or 0, dict.fromkeys(texts, True), texts)


def a_round(session: Session, runs: list[int], *, places: int = 30, **changes: Any) -> EnrolmentRound:
    """An announced round of these class runs, open since an hour ago unless said otherwise."""
    now = clock.now()
    given = {
        "season": YEAR, "name": "第一轮", "mode": "lottery", "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(hours=1), **changes,
    }  # fmt: skip
    boss = office(session)
    made = create_round(session, boss, RoundInput(**given))
    assert made.id is not None
    set_classes(session, boss, made.id, [ClassInput(run, places, 0) for run in runs])
    return announce_round(session, boss, made.id)


def draft(session: Session, its: EnrolmentRound, wishes: list[int], *names: str) -> tuple[Actor, Application]:
    """A family of one child and its draft with these wishes."""
    actor, children = family(session, *names)
    application = begin(session, actor, its.id or 0, children[0].id or 0)
    return actor, set_wishes(session, actor, application.number, wishes, None)


def move(session: Session, its: EnrolmentRound, **moments: datetime) -> None:
    """Let the clock of a round be elsewhere."""
    for name, moment in moments.items():
        setattr(its, name, moment)
    session.add(its)
    session.flush()


def told(session: Session) -> list[str]:
    """The codes of all messages, in the order in which they were made."""
    return [message.code for message in session.exec(select(OutboxMessage).order_by("id"))]


def crowd(session: Session, its: EnrolmentRound, wish: int, size: int) -> list[tuple[Actor, str]]:
    """So many families with a draft each that asks for one class run, stored in bulk; their actors and numbers."""
    now, phones = clock.now(), [str(next(_phones)) for _ in range(size)]
    accounts = [Account(phone=phone, created_at=now) for phone in phones]
    children = [
        Child(name="张一诺", sex="female", born_on=date(2019, 3, 1), entry_year=2025, created_at=now, changed_at=now)
        for _ in range(size)
    ]
    session.add_all([*accounts, *children])
    session.flush()
    guardians = [Guardian(account_id=account.id or 0, name="家长", created_at=now) for account in accounts]
    session.add_all(guardians)
    session.flush()
    pairs = list(zip(children, guardians, strict=True))
    drafts = [
        Application(number=new_number(), round_id=its.id or 0, child_id=c.id or 0, guardian_id=g.id or 0,
                    weekdays=[1, 2, 3, 4, 5], created_at=now, changed_at=now)
        for c, g in pairs
    ]  # fmt: skip
    session.add_all(drafts)
    session.add_all(
        Guardianship(child_id=c.id or 0, guardian_id=g.id or 0, relation="mother", created_at=now) for c, g in pairs
    )
    session.flush()
    session.add_all(Wish(application_id=a.id or 0, rank=1, class_run_id=wish) for a in drafts)
    session.flush()
    whole = [Actor(g.account_id, "家长", (Held(Role.GUARDIAN),), g.id) for g in guardians]
    session.add_all(
        ConsentRecord(child_id=c.id or 0, guardian_id=g.id or 0, item=row.item.value, text_id=row.text.id or 0,
                      text_digest=row.text.digest, is_given=True, at=now)
        for row in consent_rows(session, children[0].id or 0)
        for c, g in pairs
    )  # fmt: skip
    session.flush()
    return [(actor, mine.number) for actor, mine in zip(whole, drafts, strict=True)]
