"""Weeks: what is open, how good the roster is, classes, sites, volunteers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api.deps import DbSession, Speech
from api.lists import AskedSlice, FoundClasses, FoundSites, FoundVolunteers
from api.shown import Seeing, Week
from api.v1 import models, shapes
from api.v1.accounts import PERSONAL
from registry.rostering.week_store import weeks

router = APIRouter(prefix="/weeks", tags=["weeks"], responses=PERSONAL)

Id = Annotated[str, Path(max_length=100)]


@router.get("", summary="The weeks that have a roster to see")
def list_weeks(session: DbSession, sight: Seeing) -> models.Weeks:
    """What is published of every week, earliest week first; for staff, of the others the newest finished roster."""
    lines = weeks(session, is_public=not sight.drafts)
    found = [models.WeekLine(week=line.week, draft=models.DraftModel.model_validate(line)) for line in lines]
    return models.Weeks(items=found)


@router.get("/{week}", summary="A week: levels, bounds, counts")
def one_week(week: Week, language: Speech) -> models.WeekSummary:
    """How good a week is, as published; for staff, else as the newest draft has it; and what it leaves open."""
    return shapes.summary(week, language)


@router.get("/{week}/gaps", summary="What is open, class by class")
def list_gaps(week: Week, language: Speech) -> models.Gaps:
    """Adults, leads, lessons and domains that are missing, the gravest first."""
    return shapes.gaps(week, language)


@router.get("/{week}/classes", summary="Classes")
def list_classes(found: FoundClasses, asked: AskedSlice) -> models.Classes:
    """Classes, those with the gravest gaps first."""
    items = [models.ClassLine.model_validate(row) for row in asked.of(found)]
    return models.Classes(total=found.total, items=items)


@router.get("/{week}/classes/{id}", summary="A class and its week")
def one_class(week: Week, id: Id, language: Speech) -> models.ClassModel:
    """A class: who is there in every segment, every lesson, every gap."""
    return shapes.class_run(week, week.class_row(id), language)


@router.get("/{week}/sites", summary="Sites")
def list_sites(found: FoundSites, asked: AskedSlice) -> models.Sites:
    """Sites, those with the gravest gaps first."""
    items = [models.SiteLine.model_validate(row) for row in asked.of(found)]
    return models.Sites(total=found.total, items=items)


@router.get("/{week}/sites/{id}", summary="A site: its classes and who comes")
def one_site(week: Week, id: Id) -> models.SiteModel:
    """A site with its classes and the volunteers who come in the week."""
    return shapes.site(week, week.site_row(id))


@router.get("/{week}/volunteers", summary="Volunteers")
def list_volunteers(found: FoundVolunteers, asked: AskedSlice) -> models.Volunteers:
    """Volunteers with a valid background check, the most loaded first. Names are masked, also for the search."""
    items = [models.VolunteerLine.model_validate(row) for row in asked.of(found)]
    return models.Volunteers(total=found.total, items=items)


@router.get("/{week}/volunteers/{id}", summary="A volunteer and their week")
def one_volunteer(week: Week, id: Id) -> models.VolunteerModel:
    """A volunteer: where they are on which day, and when they would still have time."""
    return shapes.volunteer(week, week.volunteer_row(id))
