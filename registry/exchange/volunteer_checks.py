"""What is looked at once a volunteer's row is read: age, clearance, load, roles and reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.exchange import cells
from registry.exchange.places import Places
from registry.exchange.sheets import Row
from registry.people import adult_from, is_adult, is_old_enough, months_before


@dataclass(frozen=True)
class Season:
    """First and last day of the workbook's terms, and for how many months a background check counts."""

    first: date
    last: date
    clearance_months: int


@dataclass(frozen=True)
class Wishes:
    """Ids of the sites somebody would like to be at, and of those they refuse."""

    preferred: set[int]
    banned: set[int]


def clearance(row: Row, season: Season) -> set[tuple[date]]:
    """The date of the background check, judged against the whole season; kept whatever it says."""
    if row.is_empty("checked_on"):
        row.say("clearance_missing", "checked_on")
        return set()
    checked = row.may("checked_on", cells.day, None)
    if checked is None:
        return set()
    earliest = months_before(season.last, season.clearance_months)
    if checked < earliest:
        row.say("clearance_expired", "checked_on", earliest=earliest.isoformat())
    if checked > season.first:
        row.say("clearance_too_late", "checked_on", latest=season.first.isoformat())
    return {(checked,)}


def judge_age(row: Row, values: dict[str, Any], season: Season) -> None:
    """Minors never lead. A lead role is taken from whoever is a minor all season; from whoever comes of age
    during it, it is withheld week by week when a roster is made."""
    born: date = values["born_on"]
    if row.failed or is_adult(born, season.first):
        return
    adult = adult_from(born)
    if not is_old_enough(born, season.first):
        row.fail("too_young", "born")
    elif not values["is_lead"]:
        row.say("minor", "born", adult_from=adult.isoformat())
    elif is_adult(born, season.last):
        row.say("minor_lead_until_adult", "roles", adult_from=adult.isoformat())
    else:
        row.say("minor_lead_removed", "roles", adult_from=adult.isoformat())
        values["is_lead"], values["is_assistant"] = False, True


def judge_roles(row: Row, values: dict[str, Any], courses: set[Any]) -> None:
    """Instructors have courses, and only they."""
    if row.failed:
        return
    if values["is_instructor"] and not courses:
        row.say("courses_missing", "courses")
    if courses and not values["is_instructor"]:
        row.say("role_missing_for_courses", "roles")


def judge_load(row: Row, values: dict[str, Any], available: set[Any]) -> None:
    """Nobody wishes for more than their limit, or than the times they can come."""
    if row.failed:
        return
    if values["preferred_segments"] > values["max_segments"]:
        row.say("preferred_over_max", "preferred_segments", max_segments=values["max_segments"])
        values["preferred_segments"] = values["max_segments"]
    if values["preferred_segments"] > len(available) > 0:
        row.say("preferred_over_available", "preferred_segments", available=len(available))


def judge_reach(row: Row, values: dict[str, Any], places: Places, wishes: Wishes) -> None:
    """Whether any site is near enough, and whether wishes agree with reach and with the remark."""
    if row.failed:
        return
    nearest = places.nearest_km(values["home_subdistrict"])
    if nearest is not None and nearest > values["reach_km"]:
        row.say("out_of_reach", "reach", nearest_km=round(nearest, 1))
    for site in sorted(wishes.preferred):
        name, km = places.site_name(site), places.distance_km(values["home_subdistrict"], site)
        if site in wishes.banned:
            row.say("preferred_site_banned", "preferred_sites", name=name)
        elif km is not None and km > values["reach_km"]:
            row.say("preferred_site_too_far", "preferred_sites", name=name, km=round(km, 1))
