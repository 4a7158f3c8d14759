"""The programme: sites and rooms, terms, class runs, courses, the day template, the district's settings."""

from __future__ import annotations

from datetime import date, time
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Column, UniqueConstraint, false
from sqlmodel import Field, Session, select

from registry.db import Table

DOMAINS = ("moral", "intellect", "physical", "aesthetic", "labour", "safety")
PARTS = ("am", "noon", "pm")
MADE_UP = "made_up"
"""The setting that tells a made-up district, and keeps the seed it was made from."""

DEFAULT_SETTINGS: dict[str, Any] = {
    "class_capacity": 30,
    "min_to_open": 15,
    "clearance_months": 12,
    "collects_papers": False,
    # Below the floor a person looks; a clock that is out by more than so many minutes is flagged; the minutes after
    # closing at which a child that nobody collected is listed, told to the coordinator, told to the office.
    "attendance": {"floor_percent": 70, "skew_minutes": 5, "listed_after": 15, "site_after": 30, "office_after": 60},
    # What every volunteer brings (empty: the usual), the hour of the day before at which they are reminded, hours
    # that a swap stays offered, the last day for wishes (none: always open).
    "volunteering": {
        "bring": "", "reminder_hour": 18, "swap_hours": 24, "wishes_until": None,
    },
    # Of the minutes beyond whole hours: up to the first nothing, up to the second half an hour, else an hour.
    "service_hours": {"nothing_up_to": 15, "half_up_to": 45},
    # Who issues certificates, in both languages, and the address at which their codes are verified; empty is the one
    # at which the page was asked for.
    "certificates": {
        "issuer": "暑期托管项目办公室", "issuer_en": "Office of the summer childcare programme", "address": "",
    },
    # Working days without a note after which a child stands on top of the coverage ledger.
    "note_gap_days": 3,
    # Codes sent and wrong answers given within one hour. Many families share one address: a school's, a carrier's.
    "sign_in_limits": {"codes_per_phone": 5, "codes_per_address": 120, "wrong_per_phone": 15, "wrong_per_address": 120,
                       "wrong_certificates_per_address": 60},
    "roster_policy": {
        "min_adults": 2,
        "children_per_adult": 10,
        "max_lessons_per_course": 2,
        "domain_minimums": {
            "aesthetic": 2, "physical": 2, "moral": 1, "intellect": 1, "labour": 1, "safety": 1,
        },
        "travel_minutes_fixed": 10,
        "travel_minutes_per_km": 4,
        "weights": {
            "interest": 1, "travel": 1, "continuity": 5, "lead": 10, "overload": 2, "wish": 3, "idle": 1,
        },
    },
}  # fmt: skip
"""What holds where a district has set nothing else (DOMAIN.md, Numbers; SCHEDULING.md §1, policy)."""


class Setting(Table, table=True):
    """One of the district's numbers that differs from its default."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True, max_length=50)
    value: Any = Field(sa_column=Column(JSON, nullable=False))


class DaySegment(Table, table=True):
    """A part of the template day that somebody is on duty for: am, noon, pm."""

    __tablename__ = "day_segment"

    part: str = Field(primary_key=True, max_length=10)
    starts_at: time
    ends_at: time


class DaySlot(Table, table=True):
    """A lesson's place in the template day; the numbers run through the whole day."""

    __tablename__ = "day_slot"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    part: str = Field(foreign_key="day_segment.part", max_length=10)
    starts_at: time
    ends_at: time


class Site(Table, table=True):
    """A place of care (托管点). Degrees, as roughly as the district gives them."""

    __tablename__ = "site"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=100)
    subdistrict: str = Field(index=True, max_length=50)
    address: str = Field(default="", max_length=200)
    longitude: float
    latitude: float
    coordinator_name: str = Field(default="", max_length=100)
    coordinator_phone: str | None = Field(default=None, max_length=20)
    remark: str = Field(default="", max_length=500)
    kind: str = Field(
        default="micro_youth_palace", max_length=30, sa_column_kwargs={"server_default": "micro_youth_palace"}
    )
    public_phone: str | None = Field(default=None, max_length=20)
    serves_lunch: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    offers_nap: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Season(Table, table=True):
    """A summer. Its draw seed, once known, belongs to all its rounds, so that a child keeps its lottery number."""

    __tablename__ = "season"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str = Field(max_length=100)
    draw_seed: str | None = Field(default=None, max_length=200)


class Partner(Table, table=True):
    """An enterprise or organisation that works with the district (带队机构/企业)."""

    __tablename__ = "partner"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=100)
    credit_code: str | None = Field(default=None, unique=True, max_length=18)
    contact_name: str = Field(default="", max_length=100)
    contact_phone: str | None = Field(default=None, max_length=20)


class DayOff(Table, table=True):
    """A day that differs from its weekday: a holiday, or a weekend day that is worked (调休)."""

    __tablename__ = "day_off"

    day: date = Field(primary_key=True)
    is_worked: bool
    name: str = Field(default="", max_length=50)


class Room(Table, table=True):
    """A special room (功能室) of a site. `kind` is the district's own word, such as 舞蹈室."""

    __tablename__ = "room"
    __table_args__: ClassVar[Any] = (UniqueConstraint("site_id", "kind", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    kind: str = Field(max_length=50)
    number: int = 1
    capacity: int


class Term(Table, table=True):
    """A term (期): both days belong to it."""

    __tablename__ = "term"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("year", "name"),
        CheckConstraint("starts_on <= ends_on", name="in_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    year: int
    name: str = Field(max_length=50)
    starts_on: date
    ends_on: date
    remark: str = Field(default="", max_length=500)


class Course(Table, table=True):
    """A course of the library (课程库). `room_kind` None means the class's own room."""

    __tablename__ = "course"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=100)
    domain: str = Field(max_length=20)
    grade_low: int
    grade_high: int
    room_kind: str | None = Field(default=None, max_length=50)
    outdoor: bool = False
    indoor_fallback: str | None = Field(default=None, max_length=100)
    remark: str = Field(default="", max_length=500)


class ClassRun(Table, table=True):
    """A class at one site in one term (班次). Grades are those of the school year that is ending."""

    __tablename__ = "class_run"
    __table_args__: ClassVar[Any] = (UniqueConstraint("site_id", "term_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    term_id: int = Field(foreign_key="term.id", index=True)
    name: str = Field(max_length=100)
    grade_low: int
    grade_high: int
    capacity: int
    min_to_open: int
    confirmed: int
    partner_id: int | None = Field(default=None, foreign_key="partner.id")
    parts: list[str] = Field(sa_column=Column(JSON, nullable=False))


def setting(session: Session, key: str) -> Any:
    """The district's value of a setting, or its default. A dict is laid over the default dict."""
    stored = session.get(Setting, key)
    default = DEFAULT_SETTINGS[key]
    if stored is None:
        return default
    return {**default, **stored.value} if isinstance(default, dict) else stored.value


def is_made_up(session: Session) -> bool:
    """Whether the database holds a made-up district, whose summer is a fixed one: there no day is ever over."""
    return session.get(Setting, MADE_UP) is not None


def terms(session: Session) -> list[Term]:
    """All terms, earliest first."""
    return list(session.exec(select(Term).order_by(Term.starts_on, Term.name)))  # type: ignore[arg-type]


def season(all_terms: list[Term]) -> tuple[date, date] | None:
    """First and last day of the given terms, None without any."""
    if not all_terms:
        return None
    return min(t.starts_on for t in all_terms), max(t.ends_on for t in all_terms)
