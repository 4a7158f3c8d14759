"""What each volunteer does in a week, hour by hour: for a card in the hand and for a calendar.

Pure functions from a problem and its roster, as `week` and `week_people`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from registry.engine.rosters import Duty, Lesson, Problem, Roster
from registry.rostering.week import part_of_day


@dataclass(frozen=True, slots=True)
class GivenLesson:
    """A lesson that the volunteer gives; hours in minutes since midnight, `room` a kind of room, None at home."""

    start: int
    end: int
    course: str
    room: str | None


@dataclass(frozen=True, slots=True)
class Stay:
    """A volunteer with one class without a break: on duty (lead, assistant), or on a visit to give a lesson.

    `key` names the place in the week that is taken: the segment of a duty, the slot of a visit. `parts` are those of
    the duty. `others` are the names of those who are there too, the lead first.
    """

    key: str
    weekday: int
    date: date
    start: int
    end: int
    parts: tuple[str, ...]
    role: str
    class_run: str
    class_name: str
    site: str
    site_name: str
    grades: tuple[int, int]
    children: int
    lessons: tuple[GivenLesson, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One volunteer's week. `stays` are single segments and visits, in the order of the week."""

    id: str
    name: str
    is_adult: bool
    stays: tuple[Stay, ...]

    @property
    def blocks(self) -> tuple[Stay, ...]:
        """The stays with those joined that follow each other without a gap, with one class and in one role."""
        joined: list[Stay] = []
        for stay in self.stays:
            if joined and _follows(joined[-1], stay):
                joined[-1] = _joined(joined[-1], stay)
            else:
                joined.append(stay)
        return tuple(joined)

    @property
    def sites(self) -> frozenset[str]:
        """The sites at which the volunteer is."""
        return frozenset(stay.site for stay in self.stays)


def week_cards(problem: Problem, roster: Roster, names: Mapping[str, str] = MappingProxyType({})) -> tuple[Card, ...]:
    """A card for everybody who has any entry, by name; `names` are those of the classes by id."""
    maker = _Maker(problem, roster, names)
    cards = [maker.card(volunteer) for volunteer in roster.people]
    return tuple(sorted(cards, key=lambda card: (card.name, card.id)))


class _Maker:
    """A roster looked up by class and segment, to make stays of."""

    def __init__(self, problem: Problem, roster: Roster, names: Mapping[str, str]) -> None:
        self.problem, self.roster, self.names = problem, roster, names
        self.monday = date.fromisoformat(problem.week)
        self.present: dict[tuple[str, str], list[Duty]] = defaultdict(list)
        for duty in roster.duties:
            self.present[duty.class_run, duty.segment].append(duty)

    def card(self, volunteer: str) -> Card:
        """The week of one volunteer."""
        who = self.problem.volunteer[volunteer]
        duties = self.roster.duties_of.get(volunteer, [])
        lessons = self.roster.lessons_of.get(volunteer, [])
        own = {(duty.class_run, duty.segment) for duty in duties}
        stays = [self._duty(duty, lessons) for duty in duties]
        stays += [self._visit(x) for x in lessons if (x.class_run, self.problem.slot[x.slot].segment) not in own]
        ordered = sorted(stays, key=lambda stay: (stay.weekday, stay.start, stay.end, stay.class_run))
        return Card(who.id, who.name or who.id, who.adult, tuple(ordered))

    def _duty(self, duty: Duty, lessons: Iterable[Lesson]) -> Stay:
        segment = self.problem.segment[duty.segment]
        given = (
            x for x in lessons if x.class_run == duty.class_run and self.problem.slot[x.slot].segment == segment.id
        )
        return self._stay(
            duty.segment, duty.volunteer, duty.class_run, segment.id, (segment.start, segment.end), duty.role,
            (part_of_day(segment),), given,
        )  # fmt: skip

    def _visit(self, lesson: Lesson) -> Stay:
        slot = self.problem.slot[lesson.slot]
        return self._stay(
            slot.id, lesson.instructor, lesson.class_run, slot.segment, (slot.start, slot.end), "visit", (), (lesson,)
        )

    def _stay(
        self,
        key: str,
        volunteer: str,
        class_run: str,
        segment: str,
        hours: tuple[int, int],
        role: str,
        parts: tuple[str, ...],
        lessons: Iterable[Lesson],
    ) -> Stay:
        run, weekday = self.problem.class_run[class_run], self.problem.segment[segment].weekday
        site = self.problem.site[run.site]
        return Stay(
            key=key,
            weekday=weekday,
            date=self.monday + timedelta(days=weekday - 1),
            start=hours[0],
            end=hours[1],
            parts=parts,
            role=role,
            class_run=run.id,
            class_name=self.names.get(run.id, ""),
            site=site.id,
            site_name=site.name or site.id,
            grades=run.grades,
            children=run.children,
            lessons=tuple(sorted((self._given(x) for x in lessons), key=lambda x: x.start)),
            others=tuple(self._others(class_run, segment, volunteer)),
        )

    def _given(self, lesson: Lesson) -> GivenLesson:
        slot, course = self.problem.slot[lesson.slot], self.problem.course[lesson.course]
        room = self.problem.room[lesson.room].kind if lesson.room else None
        return GivenLesson(slot.start, slot.end, course.name or course.id, room)

    def _others(self, class_run: str, segment: str, volunteer: str) -> Iterator[str]:
        """Names of those on duty with the class, the lead first."""
        there = [d for d in self.present[class_run, segment] if d.volunteer != volunteer]
        named = [(d.role != "lead", self.problem.volunteer[d.volunteer].name or d.volunteer) for d in there]
        yield from (name for _, name in sorted(named))


def _follows(before: Stay, after: Stay) -> bool:
    same = (before.weekday, before.class_run, before.role) == (after.weekday, after.class_run, after.role)
    return same and after.role != "visit" and before.end == after.start


def _joined(before: Stay, after: Stay) -> Stay:
    others = tuple(dict.fromkeys((*before.others, *after.others)))
    return replace(
        before,
        end=after.end,
        parts=(*before.parts, *after.parts),
        lessons=(*before.lessons, *after.lessons),
        others=others,
    )
