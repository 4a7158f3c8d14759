"""What `/api/v1/office` takes and answers with: rounds, applications, exports, the programme."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.v1.models import Masked, Model
from registry.enrolment.rounds import Phase

RowNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class RoundModel(Model):
    """A round and how it stands, as far as the asker sees it."""

    id: int = Field(examples=[1])
    season: int = Field(examples=[2026])
    name: str = Field(examples=["第一轮报名"])
    mode: str = Field(examples=["lottery"])
    phase: Phase = Field(examples=["open"])
    opens_at: datetime
    closes_at: datetime
    classes: int = Field(examples=[350])
    places: int = Field(examples=[10000])
    sent: int = Field(examples=[12000])
    drafts: int = Field(examples=[300])
    unverified: int = Field(examples=[40])
    next_step: str = Field(examples=["verify"])


class RoundList(Model):
    """Rounds, those that open last first."""

    items: list[RoundModel]


class SiteModel(Model):
    """A site in a round."""

    site_id: int = Field(examples=[3])
    site: str = Field(examples=["东街少年宫"])
    classes: int = Field(examples=[5])
    places: int = Field(examples=[150])
    first: int = Field(description="First wishes.", examples=[180])
    taken: int = Field(description="Places offered or confirmed.", examples=[0])


class RoundOverview(RoundModel):
    """A round with its sites, the most wanted first."""

    by_status: dict[str, int] = Field(examples=[{"submitted": 12000}])
    sites: list[SiteModel]


class ResultModel(Model):
    """A place, or a position on a waitlist."""

    site: str = Field(examples=["东街少年宫"])
    term: str = Field(examples=["第一期"])
    class_run: str = Field(examples=["1-2年级班"])
    name: str = Field(description="Masked.", examples=["张*丰"])
    number: str = Field(examples=["123456788"])
    status: str = Field(description="offered, confirmed or waiting.", examples=["offered"])
    position: int | None = Field(description="Of who waits.", examples=[None])


class ResultList(Model):
    """By site, class and number; who waits stands below who has a place."""

    items: list[ResultModel]


class NamedClass(Model):
    """A class run by its number and name."""

    class_run_id: int = Field(examples=[12])
    name: str = Field(examples=["东街少年宫 1-2年级班"])


class ApplicationModel(Model):
    """An application in a list, the name masked."""

    number: str = Field(examples=["123456788"])
    child: Masked
    entry_year: int = Field(examples=[2024])
    status: str = Field(examples=["submitted"])
    claim: str = Field(examples=["claimed"])
    submitted_at: datetime | None
    wishes: list[NamedClass]
    places: list[NamedClass]


class ApplicationList(Model):
    """A part of the applications that were asked for, and how many there are."""

    total: int = Field(examples=[1])
    items: list[ApplicationModel]


class EventModel(Model):
    """What happened to an application."""

    at: datetime
    code: str = Field(examples=["sent"])
    facts: dict[str, Any] = Field(examples=[{}])


class ApplicationDetail(Model):
    """One application at the desk. Of consents only how many were answered yes, no, and not yet."""

    number: str = Field(examples=["123456788"])
    child: Masked
    entry_year: int = Field(examples=[2024])
    round_id: int = Field(examples=[1])
    state: str = Field(examples=["submitted"])
    status: str = Field(description="The status line's code.", examples=["received"])
    weekdays: list[int] = Field(examples=[[1, 2, 3, 4, 5]])
    group: str | None = Field(examples=["dual_income"])
    claim: str = Field(examples=["claimed"])
    verified_by: str = Field(examples=[""])
    verified_on: date | None
    wishes: list[NamedClass]
    consents: tuple[int, int, int] = Field(examples=[[5, 1, 0]])
    history: list[EventModel]
    may_verify: bool = Field(examples=[True])
    may_decide: bool = Field(examples=[True])


class ClaimBody(Model):
    """The papers were seen on site."""

    is_true: bool = Field(examples=[True])
    seen_by: str = Field(max_length=1000, examples=["王老师"])


class ExportBody(Model):
    """A list with whole names to ask for."""

    round_id: RowNumber = Field(examples=[1])
    site_id: RowNumber = Field(examples=[3])
    reason: str = Field(max_length=1000, examples=["开班前打电话确认接送"])


class ExportModel(Model):
    """A list that was asked for."""

    id: int = Field(examples=[1])
    round: str = Field(examples=["第一轮报名"])
    site: str = Field(examples=["东街少年宫"])
    reason: str = Field(examples=["开班前打电话确认接送"])
    asked_by: str = Field(examples=["王一"])
    approved_by: str = Field(examples=[""])
    state: Literal["waiting", "approved", "taken", "over"] = Field(examples=["waiting"])
    is_mine: bool = Field(examples=[True])


class ExportList(Model):
    """What was asked for, the newest first."""

    items: list[ExportModel]


class PlacedModel(Model):
    """A child that has a place, whole."""

    term: str = Field(examples=["第一期"])
    class_run: str = Field(examples=["1-2年级班"])
    name: str = Field(examples=["张小丰"])
    sex: str = Field(examples=["female"])
    entry_year: int = Field(examples=[2024])
    guardian: str = Field(examples=["张三"])
    phone: str = Field(examples=["13800138000"])
    number: str = Field(examples=["123456788"])
    status: str = Field(examples=["confirmed"])


class PlacedList(Model):
    """Who has a place at a site, told once."""

    items: list[PlacedModel]


class SiteFacts(Model):
    """What parents read of a site."""

    serves_lunch: bool = Field(examples=[True])
    offers_nap: bool = Field(examples=[True])
    public_phone: str = Field("", max_length=100, examples=["023-65368888"])


class SiteFactsModel(SiteFacts):
    """A site with what parents read of it."""

    id: int = Field(examples=[3])
    name: str = Field(examples=["东街少年宫"])
    subdistrict: str = Field(examples=["东街街道"])


class SeasonBody(Model):
    """A season."""

    year: int = Field(examples=[2026])
    name: str = Field(max_length=1000, examples=["2026 暑期"])


class PartnerBody(Model):
    """A partner; without an id a new one."""

    id: int | None = Field(None, ge=1, le=2**31 - 1, examples=[None])
    name: str = Field(max_length=1000, examples=["某某教育服务公司"])
    credit_code: str = Field("", max_length=100, examples=["91500000MA5U00000X"])
    contact_name: str = Field("", max_length=1000, examples=["李四"])
    contact_phone: str = Field("", max_length=100, examples=["13800138001"])


class DayBody(Model):
    """A holiday, or a weekend day that is worked."""

    day: date = Field(examples=["2026-06-19"])
    name: str = Field(max_length=1000, examples=["端午节"])
    is_worked: bool = Field(False, examples=[False])


class Programme(Model):
    """What the office may change of the programme for enrolment."""

    seasons: list[SeasonBody]
    partners: list[PartnerBody]
    days: list[DayBody]
    sites: list[SiteFactsModel]
    collects_papers: bool = Field(examples=[False])


class PapersBody(Model):
    """Whether identity papers are collected."""

    collects: bool = Field(examples=[False])
