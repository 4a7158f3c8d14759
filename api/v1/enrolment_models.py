"""What the enrolment routes of `/api/v1` take and answer with. Moments are in UTC; a receipt has nine digits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

from api.v1.models import Model

LARGEST_ID = 2**31 - 1
Id = Annotated[int, Field(ge=1, le=LARGEST_ID, examples=[12])]
Number = Annotated[str, Field(description="Number of the receipt.", examples=["572946013"])]


class RoundIn(BaseModel):
    """A round as the office writes it. Without `seed_event` a draw's seed is a secret whose hash is published."""

    season: int = Field(ge=2000, le=2100, examples=[2026])
    name: str = Field(max_length=100, examples=["第一轮"])
    mode: Literal["lottery", "first_come", "approval"] = "lottery"
    opens_at: AwareDatetime = Field(examples=["2026-06-01T01:00:00Z"])
    closes_at: AwareDatetime = Field(examples=["2026-06-05T10:00:00Z"])
    confirm_by: AwareDatetime | None = Field(default=None, examples=["2026-06-12T10:00:00Z"])
    offer_hours: int = Field(default=24, ge=1, le=168)
    most_wishes: int = Field(default=5, ge=1, le=20)
    most_seats: int = Field(default=1, ge=1, le=10)
    order: Literal["served-first", "tier-first"] = "served-first"
    families: Literal["prefer-together", "together-or-none"] = "prefer-together"
    waitlist_length: int = Field(default=20, ge=0, le=500)
    notes_zh: str = Field(default="", max_length=2000)
    notes_en: str = Field(default="", max_length=2000)
    seed_event: str = Field(default="", max_length=200, examples=["双色球 2026066 期开奖号码"])


class RoundModel(Model):
    """A round and its rules. The secret of its seed is in no answer."""

    id: int = Field(examples=[1])
    season: int = Field(examples=[2026])
    number: int = Field(examples=[1])
    name: str = Field(examples=["第一轮"])
    phase: str = Field(
        description="draft, announced, open, closed, frozen, published or cancelled, by the clock.", examples=["open"]
    )
    mode: str = Field(examples=["lottery"])
    opens_at: datetime
    closes_at: datetime
    confirm_by: datetime | None
    offer_hours: int = Field(examples=[24])
    most_wishes: int = Field(examples=[5])
    most_seats: int = Field(examples=[1])
    order: str = Field(examples=["served-first"])
    families: str = Field(examples=["prefer-together"])
    waitlist_length: int = Field(examples=[20])
    notes_zh: str
    notes_en: str
    seed_commitment: str | None = Field(description="SHA-256 of the secret seed, in hex.")
    seed_event: str | None = Field(description="The public event that gives the seed instead.")
    frozen_hash: str | None = Field(description="SHA-256 of the frozen list.")
    published_at: datetime | None


class Rounds(Model):
    """Rounds, those first in which something can be done."""

    items: list[RoundModel]


class RoundClassIn(BaseModel):
    """A class run that a round gives places of; `places` counts those kept from earlier rounds too."""

    class_run: Id
    places: int = Field(ge=0, le=1000, examples=[30])
    min_to_open: int = Field(default=0, ge=0, le=1000, examples=[15])


class RoundClassesIn(BaseModel):
    """The class runs of a round, all of them."""

    items: list[RoundClassIn] = Field(max_length=5000)


class RoundClassModel(Model):
    """A class run of a round, how many apply, and what is free on its fullest weekday."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["1-2年级班"])
    site: str = Field(examples=["磁器口少年宫"])
    site_id: int = Field(examples=[5])
    subdistrict: str = Field(examples=["磁器口街道"])
    address: str
    phone: str | None
    term_id: int = Field(examples=[1])
    term: str = Field(examples=["第一期"])
    starts_on: date
    ends_on: date
    grades: tuple[int, int] = Field(examples=[[1, 2]])
    parts: tuple[str, ...] = Field(examples=[["am", "noon", "pm"]])
    opens: time | None = Field(examples=["08:30:00"])
    closes: time | None = Field(examples=["17:30:00"])
    has_lunch: bool
    has_nap: bool
    places: int = Field(examples=[30])
    free: int = Field(examples=[3])
    applied: int = Field(description="Applications that list it.", examples=[41])
    first: int = Field(description="Applications that list it first.", examples=[28])
    km: float | None = Field(description="Kilometres from where the search begins.", examples=[1.25])


class RoundClasses(Model):
    """Class runs; `total` before paging."""

    total: int = Field(examples=[88])
    items: list[RoundClassModel]


class NoticeLine(Model):
    """A line of a public notice: a masked name, a class run, a number."""

    name: str = Field(examples=["张*诺"])
    class_run: str = Field(examples=["磁器口少年宫 1-2年级班"])
    number: Number


class Notice(Model):
    """The public notice of a round."""

    published_at: datetime
    rows: list[NoticeLine]


class ApplicationIn(BaseModel):
    """A child that a family wants to enrol in a round."""

    round: Id
    child: Id


class ApplicationChange(BaseModel):
    """What a family says; `version` is that of the answer it goes out from."""

    version: int = Field(ge=0, le=LARGEST_ID, examples=[3])
    wishes: list[Id] = Field(max_length=20, description="Class runs, the dearest first.", examples=[[12, 7]])
    weekdays: list[Annotated[int, Field(ge=1, le=5)]] = Field(
        default=[1, 2, 3, 4, 5], min_length=1, max_length=5, examples=[[1, 2, 3, 4, 5]]
    )
    seats: int = Field(default=1, ge=1, le=10)
    together: bool = True
    group: str | None = Field(default=None, max_length=30, examples=["both_working"])


class Sending(BaseModel):
    """`request_key` is made by the sender, once for each application; sent again it changes nothing."""

    request_key: str = Field(min_length=8, max_length=64, pattern=r"^[\x20-\x7e]+$", examples=["f3a9c1d27b"])
    version: int | None = Field(default=None, ge=0, le=LARGEST_ID, examples=[3])


class Approval(BaseModel):
    """The wish that is met."""

    class_run: Id


class Rejection(BaseModel):
    """Why an application is refused; its family reads it."""

    reason: str = Field(min_length=1, max_length=500, examples=["不在本区就读"])


class Decided(Model):
    """What was decided of an application, and its state since."""

    number: Number
    state: str = Field(examples=["confirmed"])


class StatusModel(Model):
    """Where an application stands, as a code, facts and a sentence."""

    code: str = Field(examples=["waitlisted"])
    facts: Mapping[str, Any] = Field(examples=[{"position": 4, "waiting": 11}])
    said: str = Field(examples=["Waitlist 4 of 11: 磁器口少年宫 1-2年级班 (第一期)"])


class WishModel(Model):
    """A wish, and what came of it. `offer` is the number of the place to answer or give back."""

    rank: int = Field(examples=[1])
    class_run: int = Field(examples=[12])
    class_name: str = Field(examples=["1-2年级班"])
    site: str = Field(examples=["磁器口少年宫"])
    term: str = Field(examples=["第一期"])
    place: str | None = Field(description="offered or confirmed", examples=["offered"])
    offer: int | None = Field(examples=[77])
    answer_by: datetime | None
    position: int | None = Field(description="On the waitlist.", examples=[4])
    waiting: int | None = Field(examples=[11])
    not_met: str | None = Field(description="Why the published draw did not meet it.")


class EventModel(Model):
    """Something that happened."""

    at: datetime
    code: str = Field(examples=["sent"])
    said: str = Field(examples=["Sent"])


class ApplicationModel(Model):
    """An application as its family reads it."""

    number: Number
    round: int = Field(examples=[1])
    child: int = Field(examples=[3])
    child_name: str
    version: int = Field(examples=[3])
    may_change: bool
    submitted_at: datetime | None
    weekdays: list[int] = Field(examples=[[1, 2, 3, 4, 5]])
    seats: int = Field(examples=[1])
    together: bool
    group: str | None = Field(examples=["both_working"])
    group_status: str = Field(description="none, claimed, verified or refused", examples=["claimed"])
    status: StatusModel
    wishes: list[WishModel]
    history: list[EventModel]


class ApplicationLine(Model):
    """An application in a list."""

    number: Number
    round: int = Field(examples=[1])
    child: int = Field(examples=[3])
    child_name: str
    status: StatusModel


class Applications(Model):
    """The family's applications, the newest first."""

    items: list[ApplicationLine]
