"""What `/api/v1` answers with. Hours are HH:MM, weekdays 1 (Monday) to 7, names of people masked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.speak.weeks import clock


def _hours(value: object) -> object:
    return clock(value) if isinstance(value, int) else value


Hours = Annotated[str, BeforeValidator(_hours), Field(examples=["08:30"])]
Traffic = Annotated[str, Field(description="red, amber or green", examples=["amber"])]
Part = Annotated[str, Field(description="am, noon, pm or evening", examples=["am"])]
Weekday = Annotated[int, Field(ge=1, le=7, examples=[1])]
Masked = Annotated[str, Field(description="A masked name.", examples=["张*丰"])]


class Model(BaseModel):
    """Made from the rows of the registry."""

    model_config = ConfigDict(from_attributes=True)


class DraftModel(Model):
    """A finished draft or a published version: which week, and everything that is needed to make it again."""

    kind: str = Field(description="`draft` or `version`: what `id` is the number of.", examples=["draft"])
    id: int = Field(examples=[3])
    week: date = Field(examples=["2026-07-13"])
    status: str = Field(examples=["done"])
    seed: int = Field(examples=[1])
    workers: int = Field(description="0 for a version.", examples=[2])
    seconds: float = Field(description="Seconds that the search was given; 0 for a version.", examples=[60])
    version: str = Field(description="Version of the software.", examples=["0.1.0"])
    created_at: datetime
    finished_at: datetime | None


class WeekLine(Model):
    """A week that is published or has a finished roster."""

    week: date = Field(description="Its Monday.", examples=["2026-07-13"])
    draft: DraftModel


class LevelModel(Model):
    """A level of the cost. `bound`: no roster that is as good at every better level can cost less."""

    name: str = Field(examples=["safety"])
    cost: int = Field(examples=[5])
    bound: int = Field(examples=[3])
    is_proven: bool = Field(description="Whether no roster can do better.", examples=[False])
    percent_above_best: int | None = Field(
        description="At most so many per cent above the best possible; null where that is not known.", examples=[67]
    )
    said: list[str] = Field(
        description="The same in sentences, in the language asked for.",
        examples=[["No roster can do better than 3: at most 2 could still be saved."]],
    )


class Counts(Model):
    """What there is and what is open. Adults and leads are counted in every segment."""

    segments: int = Field(description="Class × segment.", examples=[1100])
    short_segments: int = Field(description="Those that lack adults.", examples=[4])
    need: int = Field(description="Adults needed.", examples=[3000])
    missing: int = Field(description="Adults missing.", examples=[5])
    below_minimum: int = Field(description="Of those, missing below the least number of adults.", examples=[1])
    no_lead: int = Field(description="Segments without a lead.", examples=[2])
    slots: int = Field(description="Lesson slots.", examples=[1500])
    open_lessons: int = Field(description="Slots without a lesson.", examples=[12])
    missing_domains: int = Field(description="Lessons short of a domain's least number.", examples=[3])


class WeekSummary(Model):
    """A week: how good its roster is, what is open, how it was made."""

    week: date = Field(examples=["2026-07-13"])
    status: str = Field(description="optimal or feasible", examples=["feasible"])
    failures: list[str] = Field(description="Proofs that failed: bounds may be worse for it.", examples=[[]])
    draft: DraftModel
    levels: list[LevelModel]
    counts: Counts
    classes: int = Field(examples=[88])
    sites: int = Field(examples=[72])
    volunteers: int = Field(description="Those with a valid background check.", examples=[570])
    unused: int = Field(description="Of those, with time and without any duty or lesson.", examples=[40])
    not_cleared: int = Field(description="Volunteers without a valid background check.", examples=[130])


class PersonModel(Model):
    """Somebody on duty. Who is not an adult does not count."""

    id: str = Field(examples=["v17"])
    name: Masked
    is_lead: bool
    is_adult: bool


class LessonModel(Model):
    """A lesson slot; without a course it is open. `room` is a kind of special room, null at home."""

    slot: str = Field(examples=["1-2"])
    start: Hours
    end: Hours
    course: str | None = Field(examples=["中国舞"])
    domain: str | None = Field(examples=["aesthetic"])
    instructor: Masked | None
    instructor_id: str | None = Field(examples=["v17"])
    room: str | None = Field(examples=["舞蹈室"])


class CellModel(Model):
    """A class in a segment: who is there, who is missing, what is on."""

    segment: str = Field(examples=["1-am"])
    weekday: Weekday
    date: date
    part: Part
    start: Hours
    end: Hours
    need: int = Field(examples=[3])
    adults: int = Field(examples=[2])
    missing: int = Field(examples=[1])
    below_minimum: int = Field(examples=[0])
    has_lead: bool
    level: Traffic
    people: list[PersonModel]
    lessons: list[LessonModel]


class ClassLine(Model):
    """A class and what it lacks in the week."""

    id: str = Field(examples=["c12"])
    name: str = Field(examples=["3-4年级班"])
    site: str = Field(examples=["s5"])
    site_name: str = Field(examples=["磁器口少年宫"])
    grades: tuple[int, int] = Field(examples=[[3, 4]])
    children: int = Field(examples=[28])
    leads: list[Masked]
    level: Traffic
    need: int = Field(examples=[45])
    missing: int = Field(examples=[1])
    no_lead: int = Field(examples=[0])
    slots: int = Field(examples=[20])
    open_lessons: int = Field(examples=[2])
    missing_domains: dict[str, int] = Field(examples=[{"aesthetic": 1}])


class GapModel(Model):
    """One thing that is open. people: adults or a lead; lesson: a slot; domain: `missing` lessons in the week."""

    kind: str = Field(examples=["people"])
    weekday: Weekday | None
    part: Part | None
    need: int = Field(examples=[3])
    adults: int = Field(examples=[2])
    missing: int = Field(examples=[1])
    below_minimum: bool
    has_lead: bool
    start: Hours | None
    end: Hours | None
    domain: str | None = Field(examples=["aesthetic"])
    segment: str | None = Field(description="Which one, to ask why.", examples=["1-am"])
    slot: str | None = Field(description="Which one, to ask why.", examples=["1-2"])
    said: str = Field(description="The same in words.", examples=["Mon morning: needs 3, has 2"])


class ClassModel(ClassLine):
    """A class with its week."""

    gaps: list[GapModel]
    cells: list[CellModel]


class ClassGaps(Model):
    """A class with its gaps."""

    class_run: ClassLine
    gaps: list[GapModel]


class SiteLine(Model):
    """A site and what its classes lack in the week."""

    id: str = Field(examples=["s5"])
    name: str = Field(examples=["磁器口少年宫"])
    rooms: list[str] = Field(examples=[["舞蹈室(30)"]])
    children: int = Field(examples=[54])
    volunteers: int = Field(description="How many different ones come.", examples=[11])
    level: Traffic
    need: int = Field(examples=[90])
    missing: int = Field(examples=[1])
    no_lead: int = Field(examples=[0])
    slots: int = Field(examples=[40])
    open_lessons: int = Field(examples=[2])


class VolunteerLine(Model):
    """A volunteer and how much they do. All counts are segments."""

    id: str = Field(examples=["v17"])
    name: Masked
    roles: list[str] = Field(examples=[["lead", "instructor"]])
    is_adult: bool
    available: int = Field(examples=[9])
    engaged: int = Field(examples=[6])
    preferred: int = Field(examples=[5])
    most: int = Field(examples=[8])
    load: str = Field(description="unused, light, fit, over or away", examples=["fit"])


class SiteModel(SiteLine):
    """A site with its classes and those who come."""

    classes: list[ClassLine]
    people: list[VolunteerLine]


class GivenLesson(Model):
    """A lesson that somebody gives."""

    start: Hours
    course: str = Field(examples=["中国舞"])


class EngagementModel(Model):
    """A volunteer with one class on one day."""

    class_run: str = Field(examples=["c12"])
    class_name: str = Field(examples=["3-4年级班"])
    site: str = Field(examples=["s5"])
    site_name: str = Field(examples=["磁器口少年宫"])
    role: str = Field(description="lead, assistant, or visit: only for lessons", examples=["lead"])
    parts: list[Part]
    lessons: list[GivenLesson]


class VolunteerDay(Model):
    """A volunteer's weekday: what they do, and when they would still have time."""

    weekday: Weekday
    date: date
    engagements: list[EngagementModel]
    free: list[Part]


class VolunteerModel(VolunteerLine):
    """A volunteer with their week."""

    courses: list[str] = Field(description="Courses they can give.", examples=[["中国舞"]])
    days: list[VolunteerDay]


class Weeks(Model):
    """The weeks that have a finished roster, earliest first."""

    items: list[WeekLine]


class Gaps(Model):
    """The classes that have gaps, the gravest first."""

    total: int = Field(examples=[12])
    items: list[ClassGaps]


class Classes(Model):
    """Classes, the gravest gaps first; `total` before paging."""

    total: int = Field(examples=[88])
    items: list[ClassLine]


class Sites(Model):
    """Sites, the gravest gaps first; `total` before paging."""

    total: int = Field(examples=[72])
    items: list[SiteLine]


class Volunteers(Model):
    """Volunteers, the most loaded first; `total` before paging."""

    total: int = Field(examples=[570])
    items: list[VolunteerLine]


class ContractFile(BaseModel):
    """A problem or roster file as other programs read and write it; `format` says which."""

    format: str = Field(examples=["qingzai.roster/1"])

    model_config = ConfigDict(extra="allow")
