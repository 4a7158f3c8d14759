"""What `/api/v1/…/why` answers with: the fields of `qingzai.explanation/1`, and the same in sentences."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Counts = dict[str, int]


class CostModel(BaseModel):
    """Levels of a cost, or by how much each would be higher (lower, where negative)."""

    safety: int = Field(examples=[1])
    programme: int = Field(examples=[0])
    quality: int = Field(examples=[-5])


class EntryModel(BaseModel):
    """A duty (volunteer, class, segment, role) or a lesson (class, slot, course, instructor, room)."""

    model_config = ConfigDict(extra="allow")


class ExclusionModel(BaseModel):
    """A rule that excludes somebody, its figures, and the entries it clashes with."""

    rule: str = Field(examples=["load"])
    facts: dict[str, Any] = Field(examples=[{"segments": 9, "max_segments": 8}])
    against: list[EntryModel]


class CandidateModel(BaseModel):
    """Somebody and the entry that comes nearest. Excluded by nothing: free."""

    volunteer: str = Field(examples=["v17"])
    entry: EntryModel | None
    replaces: list[EntryModel]
    excluded_by: list[ExclusionModel]


class PartModel(BaseModel):
    """One thing that would have to be different; further fields say whose and how much."""

    kind: str = Field(description="load, reach, availability, clearance, role, children, person, instructor or room")

    model_config = ConfigDict(extra="allow")


class EntriesModel(BaseModel):
    """Entries of a roster."""

    duties: list[EntryModel]
    lessons: list[EntryModel]


class ChangeModel(BaseModel):
    """A change that was solved with and checked. Without parts nothing has to be different."""

    kind: str = Field(description="assign, move, or the kind of its dearest part", examples=["load"])
    points: int = Field(description="In the order of costs.", examples=[2])
    parts: list[PartModel]
    moved: list[str] = Field(description="Others who move.")
    added: EntriesModel
    removed: EntriesModel
    cost_before: CostModel
    cost_after: CostModel
    verified: bool


class WantModel(BaseModel):
    """What is missing, how many volunteers each rule excludes, and what would fill it, the cheapest first."""

    kind: str = Field(description="lead, adult, lesson or domain", examples=["adult"])
    missing: int = Field(examples=[1])
    volunteers: int = Field(examples=[570])
    here: int = Field(description="With the class then anyway.", examples=[2])
    free: list[CandidateModel]
    excluded_first: Counts = Field(description="Each excluded person once, under the first rule of the order.")
    excluded_each: Counts = Field(description="Each excluded person under every rule that excludes them.")
    nearest: list[CandidateModel]
    core: list[str] = Field(description="Rules that would have to give way for somebody, none superfluous.")
    changes: list[ChangeModel]


class PlanModel(BaseModel):
    """Changes one on top of the other; `fills`: then nothing is missing there."""

    changes: list[ChangeModel]
    fills: bool


class InsteadModel(BaseModel):
    """Another way to fill a place, and what it would cost more than now."""

    entry: EntryModel
    cost: CostModel
    moved: list[str]


class HeldModel(BaseModel):
    """Why somebody is there."""

    entry: EntryModel
    is_pinned: bool
    cost_without: CostModel
    instead: list[InsteadModel]


class SwapModel(BaseModel):
    """Taking somebody's place: what excludes it, or what it would cost more than now."""

    instead_of: EntryModel
    excluded_by: list[ExclusionModel]
    cost: CostModel | None


class CandidacyModel(BaseModel):
    """Why somebody is not there: what excludes this entry, or what adding it would cost more than now."""

    entry: EntryModel | None
    excluded_by: list[ExclusionModel]
    cost: CostModel | None
    swaps: list[SwapModel]


class IndoorsModel(BaseModel):
    """An indoor lesson that could be given instead."""

    lesson: EntryModel
    interest: int = Field(examples=[8])
    cost: CostModel


class FallbackModel(BaseModel):
    """What a class could do indoors in a slot."""

    weekday: int = Field(examples=[3])
    is_heat_day: bool
    outdoor: str | None = Field(description="The outdoor course that stands there.")
    lessons: list[IndoorsModel]


class PlaceModel(BaseModel):
    """A place; further fields are its figures."""

    kind: str = Field(description="people, lesson or domain", examples=["people"])
    segment: str | None
    slot: str | None
    domain: str | None

    model_config = ConfigDict(extra="allow")


class NearPlaceModel(BaseModel):
    """An open place and what keeps somebody from it."""

    place: PlaceModel
    candidate: CandidateModel


class PersonModel(BaseModel):
    """Somebody's week, and why the open places they have time for are not theirs."""

    volunteer: str
    engaged: int
    max_segments: int
    held: list[HeldModel]
    open_places: int
    excluded_first: Counts
    chances: list[NearPlaceModel]
    near: list[NearPlaceModel]


class Explanation(BaseModel):
    """An answer. What does not belong to the question is null or empty."""

    place: PlaceModel | None
    volunteer: str | None
    wants: list[WantModel]
    plan: PlanModel
    held: list[HeldModel]
    candidacies: list[CandidacyModel]
    fallback: FallbackModel | None
    person: PersonModel | None
    said: list[str] = Field(description="The same in sentences, in the language asked for.")
