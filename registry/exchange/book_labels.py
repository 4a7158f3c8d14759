"""The cells of a week's workbook that name somebody or something, and the way back from a cell to what is meant."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from registry.conventions.names import mask_name
from registry.engine.rosters import ClassRun, Problem, Segment
from registry.exchange.book_words import Language, label

DAYS: Mapping[Language, str] = {"zh": "一二三四五六日", "en": "Mon Tue Wed Thu Fri Sat Sun"}

_LABEL = re.compile(r"(?P<name>.*?)\s*[\[［](?P<id>[^\[\]［］]+)[\]］]\s*")


class NotMeant(Exception):
    """A cell that names nothing: a code (`unknown`, `several`, `name_differs`) and facts."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Labels:
    """Names of one kind of thing, by number. Others are understood too: masked ones, those of the other language."""

    names: Mapping[str, str]
    other_names: Sequence[Mapping[str, str]] = ()

    def of(self, id_: str) -> str:
        """The cell that names a thing."""
        return label(self.names[id_], id_)

    @property
    def all(self) -> list[str]:
        """Every cell there may be, in the order of the names given."""
        return [self.of(id_) for id_ in self.names]

    @cached_property
    def _by_label(self) -> Mapping[str, str]:
        return {self.of(id_): id_ for id_ in self.names}

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for id_, name in self.names.items():
            found[_folded(name)].append(id_)
        return found

    def meant(self, text: str) -> str:
        """The number of what a cell names: 李四 [v12], [v12], v12 or a name that only one has.

        Raises:
            NotMeant: `unknown`; `several`, with the numbers; `name_differs`, where name and number are not of one.
        """
        exact = self._by_label.get(text.strip())
        if exact is not None:
            return exact
        found = _LABEL.fullmatch(text.strip())
        if found and found["id"].strip() in self.names:
            return self._checked(found["id"].strip(), found["name"])
        if text.strip() in self.names:
            return text.strip()
        called = self._by_name.get(_folded(text), [])
        if len(called) == 1:
            return called[0]
        raise NotMeant("several", ids=called) if called else NotMeant("unknown")

    def _checked(self, id_: str, name: str) -> str:
        """Somebody who changes only the name, or only the number, does not say which of the two is meant."""
        names = {_folded(table[id_]) for table in (self.names, *self.other_names)} | {""}
        if _folded(name) not in names:
            raise NotMeant("name_differs", id=id_, name=self.names[id_])
        return id_


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


class WeekLabels:
    """The labels of everything that a week's workbook names."""

    def __init__(self, problem: Problem, class_names: Mapping[str, str], language: Language) -> None:
        self.problem, self.language = problem, language
        people = {v.id: v.name or v.id for v in problem.volunteers if v.cleared}
        self.volunteer = Labels(people, [{id_: mask_name(name) for id_, name in people.items()}])
        self.class_run = self._both(
            lambda spoken: {c.id: self._class_name(c, class_names, spoken) for c in problem.classes}
        )
        self.course = Labels({k.id: k.name or k.id for k in problem.courses})
        self.room = Labels({room.id: room.kind for site in problem.sites for room in site.rooms})
        segments = sorted(problem.segments, key=lambda s: (s.weekday, s.start, s.id))
        self.segment = self._both(lambda spoken: {s.id: _hours(s, s.start, s.end, spoken) for s in segments})
        slots = sorted(problem.slots, key=lambda t: (problem.segment[t.segment].weekday, t.start, t.id))
        self.slot = self._both(
            lambda spoken: {t.id: _hours(problem.segment[t.segment], t.start, t.end, spoken) for t in slots}
        )

    def _both(self, names: Callable[[Language], Mapping[str, str]]) -> Labels:
        """Written in one language, understood in both."""
        other: Language = "en" if self.language == "zh" else "zh"
        return Labels(names(self.language), [names(other)])

    def _class_name(self, run: ClassRun, class_names: Mapping[str, str], spoken: Language) -> str:
        low, high = run.grades
        grades = f"{low}–{high}年级" if spoken == "zh" else f"grades {low}–{high}"
        site = self.problem.site[run.site]
        return f"{site.name or site.id} {class_names.get(run.id) or grades}"


def _hours(segment: Segment, start: int, end: int, spoken: Language) -> str:
    """周一 08:30–12:00, Mon 08:30–12:00."""
    number = segment.weekday - 1
    weekday = f"周{DAYS['zh'][number]}" if spoken == "zh" else DAYS["en"].split()[number]
    return f"{weekday} {start // 60:02}:{start % 60:02}–{end // 60:02}:{end % 60:02}"
