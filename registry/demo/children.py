"""Children of a made-up early round who have places: those of the first site's class in the first term, so that
attendance, notes and handbooks have somebody to be about."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from registry.accounts.tables import Account, Role, RoleGrant
from registry.demo.programme import person_name, phone
from registry.enrolment.numbers import number_of
from registry.enrolment.tables import Application, ClassDay, EnrolmentRound, Place, PlaceStatus, RoundClass
from registry.families.tables import AuthorizedCollector, Child, EmergencyContact, Guardian, Guardianship
from registry.privacy.consents import items_for, texts_now
from registry.privacy.tables import ConsentItem, ConsentRecord
from registry.programme import ClassRun

LEAD_PHONE, COORDINATOR_PHONE = "15400088003", "15400088004"
"""The lead of the class and the coordinator of its site sign in to the sample with these."""
FIRST_PHONE = 70000
ENROLLED = 18
"""Children in the class, besides the grandmother's."""
NO_PHOTOS, NO_HEALTH = 6, 4
"""One in so many families agrees to no photos, to no notes on health."""
ALLERGIES = ("对花生过敏", "对芒果过敏", "有哮喘，书包里有喷雾")


def make_children(session: Session, random: Random, guardian: Guardian, own: Child, at: datetime) -> None:
    """Fill a class of the first term that the grandmother's child `own` fits into; `at` is when they applied."""
    run = _class_for(session, own)
    its = _early_round(session, run, at)
    for _ in range(ENROLLED):
        child, parent = _family(session, random, run, at)
        _consent(session, random, child, parent, at)
        _place(session, random, its, child, parent, run, at)
    _consent(session, random, own, guardian, at)
    _place(session, random, its, own, guardian, run, at)
    for day in session.exec(select(ClassDay).where(ClassDay.class_run_id == run.id)):
        day.taken += ENROLLED + 1
        session.add(day)
    _staff(session, run, at)
    session.flush()


def class_with_children(session: Session) -> int | None:
    """The class run that has children."""
    return session.exec(select(Place.class_run_id).where(Place.status == PlaceStatus.CONFIRMED.value).limit(1)).first()


def _class_for(session: Session, child: Child) -> ClassRun:
    """The first class run of the season for the child's grade."""
    grade = 2026 - child.entry_year
    fits = select(ClassRun).where(ClassRun.grade_low <= grade, ClassRun.grade_high >= grade)
    return session.exec(fits.order_by(col(ClassRun.term_id), col(ClassRun.id)).limit(1)).one()


def _early_round(session: Session, run: ClassRun, at: datetime) -> EnrolmentRound:
    its = EnrolmentRound(
        season=2026, number=2, name="2026 暑期提前批（老生）", mode="first_come", opens_at=at, announced_at=at,
        closes_at=at + timedelta(days=7), published_at=at + timedelta(days=7),
    )  # fmt: skip
    session.add(its)
    session.flush()
    given = RoundClass(round_id=its.id or 0, class_run_id=run.id or 0, places=ENROLLED + 1, min_to_open=1)
    session.add(given)
    session.flush()
    return its


def _family(session: Session, random: Random, run: ClassRun, at: datetime) -> tuple[Child, Guardian]:
    number = FIRST_PHONE + len(session.exec(select(Guardian.id)).all())
    account = Account(phone=phone(number), name=person_name(random), created_at=at)
    session.add(account)
    session.flush()
    parent = Guardian(account_id=account.id or 0, name=account.name, created_at=at)
    grade = random.randint(run.grade_low, run.grade_high)
    born = date(2026 - 6 - grade, 1, 1) - timedelta(days=random.randrange(365))
    child = Child(
        name=person_name(random), sex=random.choice(("female", "male")), born_on=born, entry_year=2026 - grade,
        school="青禾第一小学", created_at=at, changed_at=at,
    )  # fmt: skip
    session.add_all([parent, child])
    session.flush()
    their: dict[str, Any] = {"child_id": child.id or 0}
    relation = random.choice(("mother", "father", "grandmother"))
    known: dict[str, Any] = {"name": person_name(random), "phone": phone(number + 5000), "relation": "grandfather"}
    session.add_all([
        Guardianship(guardian_id=parent.id or 0, relation=relation, created_at=at, **their),
        EmergencyContact(**their, **known), AuthorizedCollector(**their, **known),
    ])  # fmt: skip
    return child, parent


def _consent(session: Session, random: Random, child: Child, parent: Guardian, at: datetime) -> None:
    """Yes to what is asked, but for a few families and photos, or health."""
    texts = texts_now(session)
    refused = {
        item for item, one_in in ((ConsentItem.CLASS_PHOTO, NO_PHOTOS), (ConsentItem.HEALTH, NO_HEALTH))
        if random.randrange(one_in) == 0
    }  # fmt: skip
    for item in items_for(child.born_on):
        given = item not in refused
        session.add(ConsentRecord(
            child_id=child.id or 0, guardian_id=parent.id or 0, item=item.value, text_id=texts[item].id or 0,
            text_digest=texts[item].digest, is_given=given, at=at,
        ))  # fmt: skip
        if item is ConsentItem.HEALTH and given and random.randrange(NO_HEALTH) == 0:
            child.health_note = random.choice(ALLERGIES)


def _place(
    session: Session, random: Random, its: EnrolmentRound, child: Child, parent: Guardian, run: ClassRun, at: datetime
) -> None:
    mine = Application(
        number=number_of(random.randrange(10_000_000, 100_000_000)), draw_name=f"{random.getrandbits(48):012x}",
        round_id=its.id or 0, child_id=child.id or 0, guardian_id=parent.id or 0, weekdays=[1, 2, 3, 4, 5],
        status="confirmed", created_at=at, changed_at=at, submitted_at=at,
    )  # fmt: skip
    session.add(mine)
    session.flush()
    session.add(Place(
        application_id=mine.id or 0, class_run_id=run.id or 0, rank=1, source="first_come",
        status=PlaceStatus.CONFIRMED.value, offered_at=at, answered_at=at,
    ))  # fmt: skip


def _staff(session: Session, run: ClassRun, at: datetime) -> None:
    """Who leads the class, and who coordinates its site."""
    for number, name, role in ((LEAD_PHONE, "示例班主任", Role.CLASS_LEAD), (
        COORDINATOR_PHONE, "示例点位负责人", Role.SITE_COORDINATOR,
    )):  # fmt: skip
        account = Account(phone=number, name=name, created_at=at)
        session.add(account)
        session.flush()
        held = RoleGrant(account_id=account.id or 0, role=role.value, starts_on=at.date(), granted_at=at)
        is_lead = role is Role.CLASS_LEAD
        held.class_run_id, held.site_id = (run.id, None) if is_lead else (None, run.site_id)
        session.add(held)
