"""A repair as people read it: whose week changes, which entries go and come, and why each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.duties.difference import Entry, Told, entries_of, told_of, words_of
from registry.engine.rosters import read
from registry.repairs.causes import ABSENT, CLOSED, HEAT, Cause
from registry.repairs.words import people_names

AWAY, CLOSES, HOT = "away", "closes", "hot"
TAKEN, MOVED, FREED = "taken", "moved", "freed"
INSTEAD, CHANGED, FILLS = "instead", "changed", "fills"
Theirs = tuple[str, Entry]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry that goes or comes, and why. `others` are those who take it over, or whom it is instead of."""

    told: Told
    why: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonLines:
    """Somebody whose week changes. `is_disturbed` means beyond what had become impossible anyway."""

    volunteer: str
    name: str
    is_disturbed: bool
    gone: tuple[Line, ...]
    new: tuple[Line, ...]


def people_lines(
    monday: date, problem: Mapping[str, Any], roster: Mapping[str, Any], causes: Sequence[Cause],
    disturbed: Iterable[str],
) -> tuple[PersonLines, ...]:  # fmt: skip
    """The people of a repair, the disturbed first, by name."""
    before, after = set(entries_of(problem["published"])), set(entries_of(roster))
    why = _Why(problem, causes, before - after, after - before)
    words, names, hurt = words_of(monday, problem), people_names(problem), set(disturbed)

    def lines(found: set[Theirs], who: str, *, is_new: bool) -> tuple[Line, ...]:
        mine = (Line(told_of(words, e), *why.of((v, e), is_new=is_new)) for v, e in found if v == who)
        return tuple(sorted(mine, key=lambda line: (line.told.day, line.told.starts, line.told.kind, line.told.what)))

    people = sorted({v for v, _ in before ^ after}, key=lambda v: (v not in hurt, names[v], v))
    return tuple(
        PersonLines(v, names[v], v in hurt, lines(why.gone, v, is_new=False), lines(why.new, v, is_new=True))
        for v in people
    )


@dataclass(frozen=True, slots=True)
class Short:
    """A class in a part of a day that has less than before and too little: adults missing, whether it lost its lead,
    and the lessons that fell out (slots)."""

    run: str
    segment: str
    adults: int
    lead: bool
    lessons: tuple[str, ...]


def short_places(problem: Mapping[str, Any], roster: Mapping[str, Any]) -> tuple[Short, ...]:
    """What a repair leaves missing that was there before, in the order of the week."""
    known = read(dict(problem))
    adults = {v["id"] for v in problem["volunteers"] if v["adult"]}
    before, after = (_there(problem["published"], adults), _there(roster, adults))
    found = []
    for segment in problem["segments"]:
        s = segment["id"]
        slots = [t["id"] for t in problem["slots"] if t["segment"] == s]
        for c in known.classes:
            if s not in c.segments:
                continue
            old, new = before[0][c.id, s], after[0][c.id, s]
            missing = known.need(c) - new if new < min(old, known.need(c)) else 0
            lead = (c.id, s) in before[1] and (c.id, s) not in after[1]
            lessons = tuple(t for t in slots if (c.id, t) in before[2] and (c.id, t) not in after[2] and t in c.slots)
            if missing or lead or lessons:
                found.append(Short(c.id, s, missing, lead, lessons))
    return tuple(found)


def _there(
    roster: Mapping[str, Any], adults: set[str]
) -> tuple[Counter[tuple[str, str]], set[tuple[str, str]], set[tuple[str, str]]]:
    """Adults, leads and lessons by class and time."""
    count = Counter((d["class"], d["segment"]) for d in roster["duties"] if d["volunteer"] in adults)
    leads = {(d["class"], d["segment"]) for d in roster["duties"] if d["role"] == "lead"}
    return count, leads, {(x["class"], x["slot"]) for x in roster["lessons"]}


class _Why:
    """The reasons of single entries."""

    def __init__(
        self, problem: Mapping[str, Any], causes: Sequence[Cause], gone: set[Theirs], new: set[Theirs]
    ) -> None:
        self.gone, self.new, self._causes = gone, new, causes
        self._names = people_names(problem)
        self._segment = {s["id"]: s["id"] for s in problem["segments"]}
        self._segment |= {s["id"]: s["segment"] for s in problem["slots"]}
        self._weekday = {s["id"]: s["weekday"] for s in problem["segments"]}
        self._outdoor = {k["id"] for k in problem["courses"] if k.get("outdoor")}

    def of(self, theirs: Theirs, *, is_new: bool) -> tuple[str, tuple[str, ...]]:
        """A code, and the names of the others in it."""
        who, entry = theirs
        if not is_new and (hit := self._hit(who, entry)):
            return hit, ()
        others = sorted({self._names[v] for v, _ in self._at(entry, self.gone if is_new else self.new) if v != who})
        if others:
            return INSTEAD if is_new else TAKEN, tuple(others)
        moves = any(v == who for v, _ in self._then(entry, self.gone if is_new else self.new))
        return (CHANGED if moves else FILLS) if is_new else (MOVED if moves else FREED), ()

    def _hit(self, who: str, entry: Entry) -> str | None:
        at = self._segment[entry[2]]
        for cause in (c for c in self._causes if c.hits(at, self._weekday[at])):
            if cause.kind == ABSENT and cause.of == who:
                return AWAY
            if cause.kind == CLOSED and cause.of == entry[1]:
                return CLOSES
            if cause.kind == HEAT and entry[0] == "lesson" and entry[3] in self._outdoor:
                return HOT
        return None

    def _at(self, entry: Entry, among: set[Theirs]) -> Iterator[Theirs]:
        """Entries of the same class at the same time, of the same kind."""
        return (pair for pair in among if pair[1][:3] == entry[:3])

    def _then(self, entry: Entry, among: set[Theirs]) -> Iterator[Theirs]:
        """Entries of the same segment."""
        at = self._segment[entry[2]]
        return (pair for pair in among if self._segment[pair[1][2]] == at)
