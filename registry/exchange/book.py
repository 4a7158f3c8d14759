"""What the workbook of a week is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from registry.engine.rosters import ClassRun, Duty, Lesson, Problem, Roster
from registry.exchange.book_labels import WeekLabels
from registry.exchange.book_part import entries_at, part_of
from registry.exchange.book_words import Language


@dataclass(frozen=True)
class Book:
    """What a workbook is made of: the week, and the sentences that somebody who speaks has made of it.

    `gaps` are pairs of a class and a sentence, the gravest first; `cell_gaps` say in few words what a class lacks in
    a segment; `about` explains the sheets; `footer` stands on every printed page. `made_at` dates the file. `draft` is
    a number of what `kind` says: a draft, a version, the changes of a board. With `sites` nothing stands in it but what
    belongs to these.
    """

    problem: Problem
    roster: Roster
    class_names: Mapping[str, str]
    language: Language
    draft: int
    made_at: datetime
    gaps: Sequence[tuple[str, str]] = ()
    cell_gaps: Mapping[tuple[str, str], str] | None = None
    about: Sequence[str] = ()
    footer: str = ""
    domains: Mapping[str, str] | None = None
    kind: str = "draft"
    sites: frozenset[str] | None = None

    @cached_property
    def part(self) -> Problem:
        """What the sheets are about."""
        return self.problem if self.sites is None else part_of(self.problem, self.sites, self.roster)

    @cached_property
    def shown(self) -> Roster:
        """The entries that stand in the sheets."""
        return self.roster if self.sites is None else entries_at(self.problem, self.sites, self.roster)

    @cached_property
    def labels(self) -> WeekLabels:
        """How everything is named in the cells."""
        return WeekLabels(self.part, self.class_names, self.language)

    @cached_property
    def classes(self) -> list[ClassRun]:
        """The classes by site, then by grade."""
        return sorted(self.part.classes, key=lambda c: (self.labels.class_run.names[c.id], c.grades, c.id))

    @cached_property
    def duties(self) -> dict[tuple[str, str], list[Duty]]:
        """Duties by class and segment, the lead first, then by name."""
        found: dict[tuple[str, str], list[Duty]] = defaultdict(list)
        names = self.labels.volunteer.names
        for duty in sorted(self.shown.duties, key=lambda d: (d.role != "lead", names[d.volunteer], d.volunteer)):
            found[duty.class_run, duty.segment].append(duty)
        return found

    @cached_property
    def lessons(self) -> dict[tuple[str, str], Lesson]:
        """Lessons by class and slot."""
        return {(x.class_run, x.slot): x for x in self.shown.lessons}
