"""Every table in one place, for migrations and for tests that compare the two."""

from __future__ import annotations

from registry.people import (
    Ban,
    ClearanceCheck,
    PreferredSite,
    TeachableCourse,
    Volunteer,
    VolunteerAvailability,
)
from registry.programme import ClassRun, Course, DaySegment, DaySlot, Room, Setting, Site, Term
from registry.rostering.tables import RosterDraft

ALL = (
    Setting, DaySegment, DaySlot, Site, Room, Term, Course, ClassRun,
    Volunteer, VolunteerAvailability, TeachableCourse, PreferredSite, ClearanceCheck, Ban, RosterDraft,
)  # fmt: skip
"""In an order in which rows can be stored without breaking a foreign key."""
