"""What the office may change of the programme for enrolment: seasons, partners, days off, what parents read of a site,
and whether identity papers are collected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from registry.accounts.permissions import ANYWHERE, Action, Actor, require
from registry.conventions.phones import phone_of
from registry.conventions.texts import line_of
from registry.errors import FieldProblem, Invalid, NotFound
from registry.programme import DayOff, Partner, Season, Setting, Site, setting

LARGEST_ID = 2**31 - 1
CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
"""GB 32100: eighteen digits and capital letters, without I, O, S, V and Z."""
LANDLINE = re.compile(r"(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,6})?|400-?\d{3}-?\d{4}", re.ASCII)
COLLECTS_PAPERS = "collects_papers"


@dataclass(frozen=True)
class Overview:
    """All of it, for the one page."""

    seasons: list[Season]
    partners: list[Partner]
    days: list[DayOff]
    sites: list[Site]
    collects_papers: bool


def overview(session: Session, actor: Actor) -> Overview:
    """Everything that can be changed here.

    Raises:
        NotAllowed: for anybody but the office.
    """
    require(actor, Action.MANAGE_PROGRAMME, ANYWHERE)
    return Overview(
        seasons=seasons(session),
        partners=list(session.exec(select(Partner).order_by(col(Partner.name)))),
        days=list(session.exec(select(DayOff).order_by(col(DayOff.day)))),
        sites=list(session.exec(select(Site).order_by(col(Site.subdistrict), col(Site.name)))),
        collects_papers=bool(setting(session, COLLECTS_PAPERS)),
    )


def save_season(session: Session, actor: Actor, year: int, name: str) -> Season:
    """A new season, or another name for one.

    Raises:
        NotAllowed; Invalid: at `year`, `season_name`.
    """
    require(actor, Action.MANAGE_PROGRAMME, ANYWHERE)
    if not 2000 <= year <= 2100:
        raise Invalid(FieldProblem("year", "out_of_range", {"low": 2000, "high": 2100}))
    written = line_of("season_name", name, 100, needed=True)
    found = session.get(Season, year) or Season(year=year, name=written)
    found.name = written
    session.add(found)
    session.flush()
    return found


def save_partner(
    session: Session, actor: Actor, *, name: str, credit_code: str = "", contact_name: str = "",
    contact_phone: str = "", partner_id: int | None = None,
) -> Partner:  # fmt: skip
    """A new partner, or the corrected details of one.

    Raises:
        NotAllowed; NotFound: `partner_unknown`. Invalid: at `partner_name`, `credit_code`, `contact_name`,
            `contact_phone`.
    """
    require(actor, Action.MANAGE_PROGRAMME, ANYWHERE)
    found = Partner(name="") if partner_id is None else _partner(session, partner_id)
    written = line_of("partner_name", name, 100, needed=True)
    code = credit_code.strip().upper()
    if code and not CREDIT_CODE.fullmatch(code):
        raise Invalid(FieldProblem("credit_code", "credit_code_malformed"))
    person = line_of("contact_name", contact_name, 100)
    phone = phone_of(contact_phone, "contact_phone") if contact_phone.strip() else None
    for other in [one for one in session.exec(select(Partner)) if one.id != found.id]:
        if other.name == written:
            raise Invalid(FieldProblem("partner_name", "already_there"))
        if code and other.credit_code == code:
            raise Invalid(FieldProblem("credit_code", "already_there"))
    found.name, found.credit_code, found.contact_name, found.contact_phone = written, code or None, person, phone
    session.add(found)
    session.flush()
    return found


def _partner(session: Session, partner_id: int) -> Partner:
    found = session.get(Partner, partner_id) if 0 < partner_id <= LARGEST_ID else None
    if found is None:
        raise NotFound("partner_unknown", partner=partner_id)
    return found


def save_day(session: Session, actor: Actor, day: date, name: str, *, is_worked: bool) -> DayOff:
    """A holiday, or a weekend day that is worked; the newest entry of a day holds.

    Raises:
        NotAllowed; Invalid: at `day_name`.
    """
    require(actor, Action.MANAGE_PROGRAMME, ANYWHERE)
    written = line_of("day_name", name, 50, needed=True)
    found = session.get(DayOff, day) or DayOff(day=day, is_worked=is_worked)
    found.is_worked, found.name = is_worked, written
    session.add(found)
    session.flush()
    return found


def remove_day(session: Session, actor: Actor, day: date) -> None:
    """The day is like its weekday again; one that is no entry is left alone.

    Raises:
        NotAllowed: for anybody but the office.
    """
    require(actor, Action.MANAGE_PROGRAMME, ANYWHERE)
    found = session.get(DayOff, day)
    if found is not None:
        session.delete(found)
        session.flush()


def save_site_facts(
    session: Session, actor: Actor, site_id: int, *, serves_lunch: bool, offers_nap: bool, public_phone: str
) -> Site:
    """What parents read of a site.

    Raises:
        NotAllowed; NotFound: `site_missing`. Invalid: at `public_phone`.
    """
    require(actor, Action.MANAGE_PROGRAMME, ANYWHERE)
    found = session.get(Site, site_id) if 0 < site_id <= LARGEST_ID else None
    if found is None:
        raise NotFound("site_missing", site=site_id)
    written = line_of("public_phone", public_phone, 20)
    if written and not LANDLINE.fullmatch(written):
        written = phone_of(written, "public_phone")
    found.serves_lunch, found.offers_nap, found.public_phone = serves_lunch, offers_nap, written or None
    session.add(found)
    session.flush()
    return found


def set_collects_papers(session: Session, actor: Actor, *, collects: bool) -> None:
    """Whether families are asked for identity papers once a place is confirmed. Off unless the sites insure per child.

    Raises:
        NotAllowed: for anybody but the office.
    """
    require(actor, Action.MANAGE_PROGRAMME, ANYWHERE)
    found = session.get(Setting, COLLECTS_PAPERS) or Setting(key=COLLECTS_PAPERS, value=collects)
    found.value = collects
    session.add(found)
    session.flush()


def sites(session: Session) -> list[Site]:
    """All sites by name."""
    return list(session.exec(select(Site).order_by(col(Site.name))))


def seasons(session: Session) -> list[Season]:
    """All seasons, the newest first."""
    return list(session.exec(select(Season).order_by(col(Season.year).desc())))
