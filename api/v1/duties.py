"""Published rosters: what publishing would change, doing it, going back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession, Monday, Speech
from api.speak.boards import rule_word
from api.speak.language import Language
from api.v1.accounts import PERSONAL
from api.v1.board_data import ChangeModel, change_models
from registry.duties import releases
from registry.duties.difference import Difference, Told, by_class
from registry.duties.faults import Fault
from registry.duties.outlook import outlook as week_outlook
from registry.duties.tables import RosterVersion

router = APIRouter(tags=["duties"], responses=PERSONAL, dependencies=DESCRIBED)

RowNumber = Annotated[int, Field(ge=1, le=2**31 - 1, examples=[1])]
AnId = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]


class EntryModel(BaseModel):
    """A duty or a lesson of somebody. `what` is a role's code or the name of a course."""

    kind: str = Field(examples=["duty"])
    day: date
    starts: str = Field(examples=["08:30"])
    ends: str = Field(examples=["12:00"])
    site: str
    class_run: str
    what: str = Field(examples=["lead"])


class PersonModel(BaseModel):
    """Somebody whose week changes."""

    volunteer: str = Field(examples=["v12"])
    name: str
    gone: list[EntryModel]
    new: list[EntryModel]


class DifferenceModel(BaseModel):
    """What changes, by person; the rest of the week stays."""

    gone: int
    new: int
    kept: int
    classes: int
    people: list[PersonModel]
    by_class: list[ClassChangeModel]


class NamedEntryModel(EntryModel):
    """The same with whose it is."""

    name: str


class ClassChangeModel(BaseModel):
    """A class whose week changes."""

    run: str = Field(examples=["c12"])
    name: str
    site: str
    gone: list[NamedEntryModel]
    new: list[NamedEntryModel]


class FaultModel(BaseModel):
    """What keeps a roster from being published: a rule that no reason waives, or something that is gone."""

    rule: str = Field(examples=["load"])
    said: str
    entries: list[NamedEntryModel]


class VersionModel(BaseModel):
    """A published version of a week; the highest number is in force."""

    number: int = Field(examples=[1])
    published_at: datetime
    by: str
    note: str
    restores: int | None
    cost: dict[str, int] = Field(examples=[{"safety": 0, "programme": 2, "quality": 15180}])


class RosterOutlook(BaseModel):
    """A week before publishing."""

    week: date
    draft: int | None
    draft_cost: dict[str, int] | None
    versions: list[VersionModel]
    changes: DifferenceModel | None
    board: int | None = Field(description="The revision of the board, where there is one.")
    board_changes: DifferenceModel | None
    board_cost: dict[str, int] | None
    draft_faults: list[FaultModel]
    board_faults: list[FaultModel]
    draft_underneath: list[ChangeModel] = Field(description="What changed in the data since the draft was made.")
    board_underneath: list[ChangeModel] = Field(description="The same for the board, unless somebody decided about it.")
    is_old_draft: bool = Field(description="Whether something was published after the draft was made.")
    absent: list[NamedEntryModel] = Field(description="Entries of people who have said that they cannot come.")


class Publishing(BaseModel):
    """The draft that was looked at."""

    draft: RowNumber
    note: str = Field(default="", max_length=1000)


class BoardPublishing(BaseModel):
    """The revision of the board that was looked at."""

    revision: int = Field(ge=0, le=2**31 - 1, examples=[12])
    note: str = Field(default="", max_length=1000)


class Restoring(BaseModel):
    """The version that is to be in force again."""

    version: RowNumber
    note: str = Field(default="", max_length=1000)


class Published(BaseModel):
    """What is in force now."""

    week: date
    version: int


@router.get("/office/rosters/{week}", summary="What publishing would change")
def outlook(session: DbSession, actor: SignedIn, monday: Monday, language: Speech) -> RosterOutlook:
    """The newest draft beside the version in force, and all versions."""
    found = week_outlook(session, actor, monday)
    return RosterOutlook(
        week=monday, draft=found.draft, draft_cost=found.draft_cost,
        versions=[
            VersionModel(
                number=v.number, published_at=v.published_at, by=v.by, note=v.note, restores=v.restores, cost=v.cost
            )
            for v in found.versions
        ],
        changes=_difference(found.changes) if found.changes else None, board=found.board,
        board_changes=_difference(found.board_changes) if found.board_changes else None, board_cost=found.board_cost,
        draft_faults=_faults(found.draft_faults, language), board_faults=_faults(found.board_faults, language),
        draft_underneath=change_models(found.draft_underneath, language),
        board_underneath=change_models(found.board_underneath, language), is_old_draft=found.is_old_draft,
        absent=named_models(found.absent),
    )  # fmt: skip


@router.post("/office/rosters/{week}/publish", summary="Publish a draft")
def publish(session: DbSession, actor: SignedIn, monday: Monday, given: Publishing) -> Published:
    """Those whose week changes are told, once."""
    return _published(releases.publish_draft(session, actor, monday, given.draft, given.note))


@router.post("/office/rosters/{week}/publish-board", summary="Publish the board")
def publish_board(session: DbSession, actor: SignedIn, monday: Monday, given: BoardPublishing) -> Published:
    """As it was looked at; those whose week changes are told, once."""
    return _published(releases.publish_board(session, actor, monday, given.revision, given.note))


@router.post("/office/rosters/{week}/restore", summary="Go back to a version")
def restore(session: DbSession, actor: SignedIn, monday: Monday, given: Restoring) -> Published:
    """An earlier version becomes the next one."""
    return _published(releases.roll_back(session, actor, monday, given.version, given.note))


@router.get("/office/rosters/{week}/difference/{older}/{newer}", summary="Compare two versions")
def compare(session: DbSession, actor: SignedIn, monday: Monday, older: AnId, newer: AnId) -> DifferenceModel:
    """By person."""
    return _difference(releases.compare(session, actor, monday, older, newer))


def _published(made: RosterVersion) -> Published:
    return Published(week=made.week, version=made.number)


def _difference(found: Difference) -> DifferenceModel:
    people = [
        PersonModel(volunteer=p.volunteer, name=p.name, gone=_entries(p.gone), new=_entries(p.new))
        for p in found.people
    ]  # fmt: skip
    runs = [
        ClassChangeModel(run=c.run, name=c.name, site=c.site, gone=named_models(c.gone), new=named_models(c.new))
        for c in by_class(found)
    ]  # fmt: skip
    return DifferenceModel(
        gone=found.gone, new=found.new, kept=found.kept, classes=found.classes, people=people, by_class=runs
    )


def named_models(pairs: tuple[tuple[str, Told], ...]) -> list[NamedEntryModel]:
    """Entries, each with whose it is."""
    return [NamedEntryModel(name=name, **dict(_entries((told,))[0])) for name, told in pairs]


def _faults(found: tuple[Fault, ...], language: Language) -> list[FaultModel]:
    return [FaultModel(rule=f.rule, said=rule_word(f.rule, language), entries=named_models(f.entries)) for f in found]


def _entries(told: tuple[Told, ...]) -> list[EntryModel]:
    return [
        EntryModel(
            kind=t.kind, day=t.day, starts=t.starts, ends=t.ends, site=t.site, class_run=t.class_run, what=t.what
        )
        for t in told
    ]  # fmt: skip
