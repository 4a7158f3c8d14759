"""The town of a rush: class runs, families that are signed in, and what the database has to say afterwards."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

from rush_client import HABITS, Family
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from api.speak.enrolment import status
from registry import clock
from registry.accounts.sessions import sign_in
from registry.accounts.tables import Account, OutboxMessage, Role, RoleGrant
from registry.db import session_scope
from registry.enrolment.numbers import new_number
from registry.enrolment.round_classes import ClassInput, set_classes
from registry.enrolment.rounds import RoundInput, announce_round, create_round
from registry.enrolment.status import status_of
from registry.enrolment.tables import Application, ApplicationEvent, ClassDay, Place, WaitlistEntry, Wish
from registry.families.reads import HELD
from registry.families.tables import Child, Guardian, Guardianship
from registry.privacy.consents import consent_rows
from registry.privacy.tables import ConsentRecord
from registry.programme import ClassRun, Season, Site, Term

SITES, PLACES, WAITLIST = 20, 30, 20
YEAR = 2026


def prepare(engine: Engine, families: int, mode: str, seed: int = 1) -> tuple[int, list[Family]]:
    """A round that is open, of 40 class runs with 30 places each, and families that are signed in and have said yes.

    Signing in is not measured here: tokens are made as the sign-in page makes them. Sites are not equally liked:
    the first is wished for some ten times as often as the last.
    """
    dice = random.Random(seed)
    with session_scope(engine) as session:
        runs = _programme(session)
        round_id = _open_round(session, mode, [run for of_grade in runs for run in of_grade])
    with session_scope(engine) as session:
        them = [
            Family(token, child, _wishes(dice, runs[n % 2]), dice.choice(HABITS))
            for n, (token, child) in enumerate(_families(session, families))
        ]
        _enter_beforehand(session, round_id, [family for n, family in enumerate(them) if n % 3])
    return round_id, them


def _enter_beforehand(session: Session, round_id: int, families: list[Family]) -> None:
    """The wishes of these were entered before the opening, as the pages advise."""
    now = clock.now()
    guardians = dict(session.exec(select(Guardianship.child_id, Guardianship.guardian_id)).all())
    drafts = [
        Application(number=new_number(), round_id=round_id, child_id=family.child, guardian_id=guardians[family.child],
                    weekdays=[1, 2, 3, 4, 5], created_at=now, changed_at=now)
        for family in families
    ]  # fmt: skip
    session.add_all(drafts)
    session.flush()
    for family, draft in zip(families, drafts, strict=True):
        family.draft = draft.number
        session.add_all(Wish(application_id=draft.id or 0, rank=n, class_run_id=run)
                        for n, run in enumerate(family.wishes, start=1))  # fmt: skip


def _programme(session: Session) -> list[list[int]]:
    session.add(Season(year=YEAR, name="2026 暑期"))
    today = clock.today()
    term = Term(year=YEAR, name="第一期", starts_on=today + timedelta(days=30), ends_on=today + timedelta(days=41))
    sites = [
        Site(
            name=f"点位{n:02d}少年宫",
            subdistrict=f"街道{n % 5}",
            address=f"新街{n}号",
            longitude=106.4 + n / 100,
            latitude=29.55,
            serves_lunch=True,
            offers_nap=True,
        )
        for n in range(SITES)
    ]
    session.add_all([term, *sites])
    session.flush()
    runs = [
        [ClassRun(site_id=site.id or 0, term_id=term.id or 0, name=name, grade_low=low, grade_high=low + 1,
                  capacity=PLACES, min_to_open=0, confirmed=0, parts=["am", "noon", "pm"]) for site in sites]
        for name, low in (("1-2年级班", 1), ("3-4年级班", 3))
    ]  # fmt: skip
    session.add_all([run for of_grade in runs for run in of_grade])
    session.flush()
    return [[run.id or 0 for run in of_grade] for of_grade in runs]


def _open_round(session: Session, mode: str, runs: list[int]) -> int:
    from registry.accounts.permissions import actor_of

    boss = Account(phone="13900000000", name="办公室", created_at=clock.now())
    session.add(boss)
    session.flush()
    session.add(RoleGrant(account_id=boss.id or 0, role=Role.DISTRICT_OFFICE.value, starts_on=date(2020, 1, 1),
                          granted_at=clock.now()))  # fmt: skip
    session.flush()
    now, actor = clock.now(), actor_of(session, boss, clock.today())
    given = RoundInput(YEAR, "第一轮", mode, now - timedelta(minutes=1), now + timedelta(hours=3),
                       waitlist_length=WAITLIST, most_wishes=3)  # fmt: skip
    made = create_round(session, actor, given)
    assert made.id is not None
    set_classes(session, actor, made.id, [ClassInput(run, PLACES, 0) for run in runs])
    announce_round(session, actor, made.id)
    return made.id


def _families(session: Session, size: int) -> list[tuple[str, int]]:
    """The token and the child of each, stored in bulk; every second child is two grades older."""
    now = clock.now()
    accounts = [Account(phone=str(13800000000 + n), name="家长", created_at=now) for n in range(size)]
    children = [
        Child(name="张一诺", sex="female", born_on=date(2019 - 2 * (n % 2), 3, 1), entry_year=2025 - 2 * (n % 2),
              school="青禾第一小学", created_at=now, changed_at=now)
        for n in range(size)
    ]  # fmt: skip
    session.add_all([*accounts, *children])
    session.flush()
    guardians = [Guardian(account_id=account.id or 0, name="刘桂兰", created_at=now) for account in accounts]
    session.add_all(guardians)
    session.flush()
    asked = [[row.text for row in consent_rows(session, child.id or 0)] for child in children[:2]]
    for n, (child, guardian) in enumerate(zip(children, guardians, strict=True)):
        ids = {"child_id": child.id or 0}
        session.add(Guardianship(**ids, guardian_id=guardian.id or 0, relation="grandparent", created_at=now))
        session.add_all(
            ConsentRecord(**ids, guardian_id=guardian.id or 0, item=text.item, text_id=text.id or 0,
                          text_digest=text.digest, is_given=True, at=now)
            for text in asked[n % 2]
        )  # fmt: skip
    return [
        (sign_in(session, account, device="phone", address="::1"), child.id or 0)
        for account, child in zip(accounts, children, strict=True)
    ]


def _wishes(dice: random.Random, runs: list[int]) -> list[int]:
    weights = [1 / (1 + n / 2) for n in range(len(runs))]
    drawn = dice.choices(runs, weights, k=8)
    return list(dict.fromkeys(drawn))[: dice.choice((1, 2, 2, 3, 3, 3))]


def faults(engine: Engine, families: list[Family], round_id: int, mode: str) -> tuple[list[str], dict[str, Any]]:
    """What is not as it has to be after the rush (nothing), and what there is."""
    with session_scope(engine) as session:
        found = [*_of_applications(session, families, round_id), *_of_places(session), *_of_lists(session)]
        found += _of_receipts(session, families)
        count = Counter(session.exec(select(Application.status).where(Application.round_id == round_id)).all())
        told = session.exec(select(func.count()).select_from(OutboxMessage)).one()
        if mode == "first_come" and told < len(families):
            found.append(f"{len(families) - told} families were told nothing")
        if mode == "lottery" and told != len(families):
            found.append(f"{told} messages for {len(families)} families")
    return found, {"by status": dict(count), "messages": told}


def _of_applications(session: Session, families: list[Family], round_id: int) -> list[str]:
    """Of every child one application, sent once, with the wishes in order, under the number that the family saw."""
    mine = {a.child_id: a for a in session.exec(select(Application).where(Application.round_id == round_id))}
    rows = session.exec(select(func.count()).select_from(Application)).one()
    sent = Counter(session.exec(select(ApplicationEvent.application_id).where(ApplicationEvent.code == "sent")).all())
    wishes: dict[int, list[int]] = {}
    for wish in session.exec(select(Wish).order_by(col(Wish.application_id), col(Wish.rank))):
        wishes.setdefault(wish.application_id, []).append(wish.class_run_id)
    found = [] if rows == len(families) else [f"{rows} applications of {len(families)} children"]
    for family in families:
        its = mine.get(family.child)
        if its is None or its.status == "draft":
            found.append(f"child {family.child}: lost")
        elif sent[its.id or 0] != 1:
            found.append(f"child {family.child}: sent {sent[its.id or 0]} times")
        elif {its.number} != family.numbers:
            found.append(f"child {family.child}: {its.number} but saw {family.numbers}")
        elif wishes[its.id or 0] != family.wishes:
            found.append(f"child {family.child}: other wishes")
    return found


def _of_places(session: Session) -> list[str]:
    """The counters say what the places say, and never more than there are; nobody has two in one term."""
    held: Counter[tuple[int, int]] = Counter()
    owners: Counter[int] = Counter()
    rows = select(Place, Application).join(Application, col(Application.id) == Place.application_id)
    for place, its in session.exec(rows.where(col(Place.status).in_(HELD))):
        owners[place.application_id] += 1
        held.update((place.class_run_id, day) for day in its.weekdays)
    found = [f"application {its} holds {n}" for its, n in owners.items() if n > 1]
    for day in session.exec(select(ClassDay)):
        there = held[day.class_run_id, day.weekday]
        if there != day.taken or there > day.places:
            found.append(f"class {day.class_run_id} on {day.weekday}: {there} placed, {day.taken} of {day.places}")
    return found


def _of_lists(session: Session) -> list[str]:
    """Waitlists go from 1 on without gaps, are no longer than allowed, and none waits before a free place."""
    lines: dict[int, list[int]] = {}
    for entry in session.exec(select(WaitlistEntry)):
        lines.setdefault(entry.class_run_id, []).append(entry.position)
    full = set(session.exec(select(ClassDay.class_run_id).where(ClassDay.taken == ClassDay.places)).all())
    wrong = [f"waitlist {run}: {ps}" for run, ps in lines.items() if sorted(ps) != list(range(1, len(ps) + 1))]
    wrong += [f"waitlist {run} has {len(positions)}" for run, positions in lines.items() if len(positions) > WAITLIST]
    return wrong + [f"they wait for class {run} although it has room" for run in lines if run not in full]


def _of_receipts(session: Session, families: list[Family]) -> list[str]:
    """Every receipt said what is so. Of how many wait, it said how many did then, which is fewer than now."""
    named = {
        run.id or 0: f"{site.name} · {run.name}（{term.name}）"
        for run, site, term in session.exec(
            select(ClassRun, Site, Term).join(Site, col(Site.id) == ClassRun.site_id)
            .join(Term, col(Term.id) == ClassRun.term_id)
        )
    }  # fmt: skip
    found = []
    for family in families:
        its = session.exec(select(Application).where(Application.child_id == family.child)).first()
        if its is None:
            continue
        line = status_of(session, its, clock.now())
        if _timeless(status(line.code, line.facts, "zh")) != _timeless(family.line):
            found.append(f"child {family.child}: read “{family.line}”, is {line.code} {dict(line.facts)}")
        if family.receipt != (its.number, *(named[wish] for wish in family.wishes)):
            found.append(f"child {family.child}: receipt {family.receipt}")
    return found


def _timeless(line: str) -> str:
    return re.sub(r"共 \d+ 位", "", line)
