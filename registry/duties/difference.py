"""What differs between two rosters of a week, by person: who gets what, who loses what, who is not touched at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Entry = tuple[str, ...]
"""`("duty", class, segment, role)` or `("lesson", class, slot, course, room)`, each of one volunteer."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as people read it: the day, when, where, what. `what` is a role's code or the name of a course, `run`
    the id of the class in the problem."""

    kind: str
    day: date
    starts: str
    ends: str
    site: str
    class_run: str
    what: str
    run: str = ""


@dataclass(frozen=True, slots=True)
class ClassChange:
    """A class whose week changes: who and what goes, who and what comes, each with the name of the person."""

    run: str
    name: str
    site: str
    gone: tuple[tuple[str, Told], ...]
    new: tuple[tuple[str, Told], ...]


@dataclass(frozen=True, slots=True)
class PersonChange:
    """Somebody whose week changes. `volunteer` is the id in the problem."""

    volunteer: str
    name: str
    gone: tuple[Told, ...]
    new: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Between an older roster (none at first) and a newer one: people by name, and how many entries and classes."""

    people: tuple[PersonChange, ...]
    gone: int
    new: int
    kept: int
    classes: int

    @property
    def is_nothing(self) -> bool:
        """Whether both are the same."""
        return not self.people


def difference(
    monday: date,
    old: tuple[Mapping[str, Any], Mapping[str, Any]] | None,
    new: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> Difference:
    """What changes from `old` to `new`, each a problem file and a roster file of the week."""
    before, after = (set(entries_of(old[1])) if old else set[tuple[str, Entry]]()), set(entries_of(new[1]))
    gone, added = before - after, after - before
    words = {**(words_of(monday, old[0]) if old else {}), **words_of(monday, new[0])}
    names = {**(_names(old[0]) if old else {}), **_names(new[0])}
    people = sorted({volunteer for volunteer, _ in gone | added}, key=lambda v: (names.get(v, v), v))
    return Difference(
        tuple(
            PersonChange(v, names.get(v, v), _told(words, gone, v), _told(words, added, v)) for v in people
        ),
        len(gone), len(added), len(before & after), len({entry[1] for _, entry in gone | added}),
    )  # fmt: skip


def entries_of(roster: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    """Each entry of a roster file, and whose it is."""
    for d in roster["duties"]:
        yield d["volunteer"], ("duty", d["class"], d["segment"], d["role"])
    for x in roster["lessons"]:
        yield x["instructor"], ("lesson", x["class"], x["slot"], x["course"], x["room"] or "")


def _names(problem: Mapping[str, Any]) -> dict[str, str]:
    return {v["id"]: v.get("name") or v["id"] for v in problem["volunteers"]}


def _told(words: Mapping[str, Any], changes: set[tuple[str, Entry]], volunteer: str) -> tuple[Told, ...]:
    mine = [told_of(words, entry) for who, entry in changes if who == volunteer]
    return tuple(sorted(mine, key=lambda told: (told.day, told.starts, told.kind, told.what)))


def told_of(words: Mapping[str, Any], entry: Entry) -> Told:
    """An entry in the words of a problem, see `words_of`."""
    kind, run, at, what = entry[:4]
    day, starts, ends = words[f"at:{at}"]
    site, name = words.get(f"class:{run}", ("", run))
    return Told(kind, day, starts, ends, site, name, what if kind == "duty" else words.get(f"course:{what}", what), run)


def words_of(monday: date, problem: Mapping[str, Any]) -> dict[str, Any]:
    """Hours of segments and slots, names of classes and courses, by kind and id."""
    weekday = {s["id"]: s["weekday"] for s in problem["segments"]}
    sites = {s["id"]: s.get("name", s["id"]) for s in problem["sites"]}
    found: dict[str, Any] = {}
    for s in problem["segments"]:
        found[f"at:{s['id']}"] = monday + timedelta(days=s["weekday"] - 1), s["start"], s["end"]
    for s in problem["slots"]:
        found[f"at:{s['id']}"] = monday + timedelta(days=weekday[s["segment"]] - 1), s["start"], s["end"]
    found |= {f"class:{c['id']}": (sites[c["site"]], c.get("name", c["id"])) for c in problem["classes"]}
    return found | {f"course:{k['id']}": k.get("name", k["id"]) for k in problem["courses"]}


def teller(monday: date, problem: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], tuple[str, Told]]:
    """Tells an entry of a roster file of this problem: the person's name, and the rest."""
    words, names = words_of(monday, problem), _names(problem)

    def row_told(row: Mapping[str, Any]) -> tuple[str, Told]:
        rows = {"duties": [row], "lessons": []} if "segment" in row else {"duties": [], "lessons": [row]}
        [(volunteer, entry)] = entries_of(rows)
        return names.get(volunteer, volunteer), told_of(words, entry)

    return row_told


def by_class(changes: Difference) -> tuple[ClassChange, ...]:
    """The same changes class by class, in the order of sites and names."""
    found: dict[str, tuple[Told, list[tuple[str, Told]], list[tuple[str, Told]]]] = {}
    for person in changes.people:
        for place, some in ((1, person.gone), (2, person.new)):
            for told in some:
                row = found.setdefault(told.run, (told, [], []))
                (row[1] if place == 1 else row[2]).append((person.name, told))
    rows = [
        ClassChange(run, told.class_run, told.site, tuple(sorted(gone, key=_when)), tuple(sorted(new, key=_when)))
        for run, (told, gone, new) in found.items()
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.site, row.name, row.run)))


def _when(pair: tuple[str, Told]) -> tuple[Any, ...]:
    name, told = pair
    return told.day, told.starts, told.kind, told.what, name


def by_site(changes: Difference) -> dict[str, int]:
    """How many people are affected at each site, the most first."""
    counted = Counter(site for p in changes.people for site in {t.site for t in (*p.gone, *p.new)})
    return dict(counted.most_common())
