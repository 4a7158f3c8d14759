"""From the rows of the registry to what `/api/v1` answers with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.speak import weeks as speak
from api.speak.language import Language
from api.v1 import models
from registry.rostering.week_gaps import Gap, class_gaps, week_gaps
from registry.rostering.week_people import Engagement, VolunteerRow
from registry.rostering.week_rows import Cell, ClassRow, Column, Day, SiteRow
from registry.rostering.week_store import StoredWeek


def summary(week: StoredWeek, language: Language) -> models.WeekSummary:
    """A week in figures and sentences."""
    view, least = week.view, week.problem.policy.min_adults
    levels = [
        models.LevelModel(
            name=level.name,
            cost=level.cost,
            bound=level.bound,
            is_proven=level.is_proven,
            percent_above_best=level.percent_above_best,
            said=speak.level(level, view.totals, least, language),
        )
        for level in view.levels
    ]
    return models.WeekSummary(
        week=week.monday,
        status=view.status,
        failures=list(view.failures),
        draft=models.DraftModel.model_validate(week.draft),
        levels=levels,
        counts=models.Counts(**view.totals),
        classes=len(view.classes),
        sites=len(view.sites),
        volunteers=len(week.volunteers),
        unused=week.unused,
        not_cleared=week.not_cleared,
    )


def gaps(week: StoredWeek, language: Language) -> models.Gaps:
    """Everything that is open."""
    found = [
        models.ClassGaps(class_run=models.ClassLine.model_validate(row), gaps=_gaps(items, language))
        for row, items in week_gaps(week.view)
    ]
    return models.Gaps(total=len(found), items=found)


def class_run(week: StoredWeek, row: ClassRow, language: Language) -> models.ClassModel:
    """A class with its week."""
    line = models.ClassLine.model_validate(row)
    cells = [
        _cell(cell, day, column)
        for day in week.view.days
        for index, column in day.columns
        if (cell := row.cells[index])
    ]
    return models.ClassModel(**dict(line), gaps=_gaps(class_gaps(week.view, row), language), cells=cells)


def site(week: StoredWeek, row: SiteRow) -> models.SiteModel:
    """A site with its classes and people."""
    return models.SiteModel(
        **dict(models.SiteLine.model_validate(row)),
        classes=[models.ClassLine.model_validate(run) for run in row.classes],
        people=[models.VolunteerLine.model_validate(person) for person in week.people_at(row.id)],
    )


def volunteer(week: StoredWeek, row: VolunteerRow) -> models.VolunteerModel:
    """A volunteer with their week."""
    days = [
        models.VolunteerDay(weekday=day.weekday, date=day.date, engagements=_engagements(items), free=list(free))
        for day, items, free in zip(week.view.days, row.days, row.free, strict=True)
    ]
    return models.VolunteerModel(**dict(models.VolunteerLine.model_validate(row)), courses=list(row.courses), days=days)


def _gaps(found: Iterable[Gap], language: Language) -> list[models.GapModel]:
    return [models.GapModel(**_fields(gap, models.GapModel, "said"), said=speak.gap(gap, language)) for gap in found]


def _cell(cell: Cell, day: Day, column: Column) -> models.CellModel:
    known = ("weekday", "date", "part", "start", "end")
    facts = _fields(cell, models.CellModel, *known)
    place: dict[str, Any] = {"weekday": day.weekday, "date": day.date, "part": column.part}
    return models.CellModel(**facts, **place, start=speak.clock(column.start), end=speak.clock(column.end))


def _engagements(items: Iterable[Engagement]) -> list[models.EngagementModel]:
    return [
        models.EngagementModel(
            **_fields(item, models.EngagementModel, "lessons"),
            lessons=[models.GivenLesson(start=speak.clock(start), course=course) for start, course in item.lessons],
        )
        for item in items
    ]


def _fields(row: object, model: type[models.Model], *but: str) -> dict[str, Any]:
    """The fields that a row and a model have in common."""
    return {name: getattr(row, name) for name in model.model_fields if name not in but}
