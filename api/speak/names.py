"""What things of a week are called: people, classes, hours, sites, courses, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.speak import weeks
from api.speak.language import Language, Pair, pick
from registry.rostering.week import part_of_day
from scheduler.roster.problem import Duty, Lesson, Problem

SOMEBODY_NEW: Pair = ("新找的人", "somebody new")
SOMEBODY: Pair = ("一名志愿者", "a volunteer")


@dataclass(frozen=True)
class Names:
    """Names of one problem. `class_names` are the district's own; `with_ids` says the ids of the files too."""

    problem: Problem
    language: Language
    class_names: Mapping[str, str] = field(default_factory=dict)
    with_ids: bool = False

    def person(self, id_: object) -> str:
        """A volunteer, as the problem names them; somebody whom it does not hold is new, nobody is not named."""
        if not id_:
            return pick(SOMEBODY, self.language)
        found = self.problem.volunteer.get(str(id_))
        return self._told(found.name, found.id) if found else pick(SOMEBODY_NEW, self.language)

    def class_run(self, id_: str) -> str:
        """Site and class."""
        run = self.problem.class_run[id_]
        own = self.class_names.get(id_) or weeks.grades(run.grades, self.language)
        return self._told(f"{self.site(run.site)} · {own}", id_)

    def site(self, id_: object) -> str:
        """A site."""
        return self.problem.site[str(id_)].name or str(id_)

    def course(self, id_: object) -> str:
        """A course."""
        course = self.problem.course[str(id_)]
        return f"《{course.name or course.id}》" if self.language == "zh" else course.name or course.id

    def room(self, id_: str | None) -> str:
        """A room by its kind; the home room has no name."""
        room = self.problem.room.get(id_ or "")
        return room.kind if room else ""

    def segment(self, id_: object) -> str:
        """Weekday and part of the day."""
        segment = self.problem.segment[str(id_)]
        part = weeks.word("part", part_of_day(segment), self.language)
        gap = "" if self.language == "zh" else " "
        return f"{weeks.weekday(segment.weekday, self.language)}{gap}{part}"

    def slot(self, id_: object) -> str:
        """Weekday and hours."""
        slot = self.problem.slot[str(id_)]
        day = weeks.weekday(self.problem.segment[slot.segment].weekday, self.language)
        return f"{day} {weeks.clock(slot.start)}–{weeks.clock(slot.end)}"

    def entry(self, entry: Duty | Lesson) -> str:
        """Where and when an entry is, and what is done there; not who does it."""
        comma = "，" if self.language == "zh" else ", "
        if isinstance(entry, Duty):
            role = weeks.word("role", entry.role, self.language)
            return comma.join((self.segment(entry.segment), self.class_run(entry.class_run), role))
        parts = (self.slot(entry.slot), self.class_run(entry.class_run), self.course(entry.course))
        return comma.join((*parts, *([self.room(entry.room)] if entry.room else [])))

    def _told(self, name: str, id_: str) -> str:
        if not name:
            return id_
        return (f"{name}（{id_}）" if self.language == "zh" else f"{name} ({id_})") if self.with_ids else name
