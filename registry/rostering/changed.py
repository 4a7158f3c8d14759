"""What is different between the problem of a week as somebody knows it and as the tables have it today."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from registry.errors import Refused
from registry.rostering.build import problem_for_week

Row = Mapping[str, Any]
Problem = Mapping[str, Any]

HARMLESS = frozenset({
    "renamed", "new", "wishes", "cleared", "cheaper", "interest",
})  # fmt: skip
"""Changes that make no entry impossible."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: of which kind of row, its id and name as they are known, what is different, and how.

    `gone` and `new` are what a list lost and got; `old` and `now` are a value before and after. `at` is the site of a
    class: classes of many sites are called alike.
    """

    kind: str
    id: str
    name: str
    what: str
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    old: Any = None
    now: Any = None
    at: str = ""

    @property
    def is_harmless(self) -> bool:
        """Whether no entry can become impossible by it."""
        return self.what in HARMLESS or (self.what in LISTS_OF_LEAVE and not self.gone)


LISTS_OF_LEAVE = frozenset({"times", "roles", "courses", "hours"})
"""What somebody may do, and when: only what is lost can hurt."""


@dataclass(frozen=True)
class _Words:
    """How ids of both problems are called."""

    old: Problem
    now: Problem
    names: dict[str, str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    """How the site of each class is called."""

    def __post_init__(self) -> None:
        for problem in (self.old, self.now):
            for kind in ("sites", "courses", "classes", "volunteers"):
                self.names.update({row["id"]: str(row.get("name") or row["id"]) for row in problem[kind]})
            self.sites.update({row["id"]: self.names.get(row["site"], "") for row in problem["classes"]})

    def of(self, ids: Iterator[str] | Sequence[str]) -> tuple[str, ...]:
        """Names of some ids; hours have none and stand as they are."""
        return tuple(self.names.get(id_, id_) for id_ in ids)


def changes(old: Problem, now: Problem) -> tuple[Change, ...]:
    """Every difference that matters to a roster: people, classes, hours, courses, rooms, sites, bans, the rules'
    numbers. Where places are is told only where something moved against the rest."""
    words = _Words(old, now)
    found: list[Change] = []
    in_place = old["sites"] == now["sites"]  # Then a row that is the same has not moved against them either.
    for kind, make in _KINDS.items():
        before, after = _by_id(old, kind), _by_id(now, kind)
        found += [
            Change(_ONE[kind], id_, words.names.get(id_, id_), "gone")
            for id_, row in before.items() if id_ not in after and not is_ghost(kind, row)
        ]  # fmt: skip
        for id_, row in after.items():
            is_back = id_ in before and is_ghost(kind, before[id_]) and not is_ghost(kind, row)
            if id_ not in before or is_back:
                found.append(Change(_ONE[kind], id_, words.names.get(id_, id_), "back" if is_back else "new"))
        for id_ in before.keys() & after.keys():
            if not (in_place and before[id_] == after[id_]) and not is_ghost(kind, before[id_]):
                found += make(words, before[id_], after[id_])
    found += _bans(words)
    if dict(old["policy"]) != dict(now["policy"]):
        found.append(Change("policy", "", "", "changed", new=tuple(sorted(_differing(old["policy"], now["policy"])))))
    found = [replace(c, at=words.sites.get(c.id, "")) if c.kind == "class" else c for c in found]
    return tuple(sorted(found, key=lambda c: (_ORDER.index(c.kind), c.what in HARMLESS, c.name, c.id, c.what)))


def changed_since(session: Session, monday: date, problem: Problem) -> tuple[Change, ...]:
    """What has changed in the tables since a problem was made of them; nothing where they hold no such week now."""
    try:
        return changes(problem, problem_for_week(session, monday))
    except Refused:
        return ()


def is_ghost(kind: str, row: Row) -> bool:
    """Whether a row stands for something that is gone: it is kept so that what was done with it can still be read."""
    if kind == "volunteers":
        return not row["roles"] and not row["available"] and not row["cleared"] and not row["courses"]
    return bool(kind == "classes" and not row["segments"])


def ghost(kind: str, row: Row) -> dict[str, Any]:
    """A row of something that is gone, with which nothing can be done any more."""
    if kind == "volunteers":
        return {**row, "roles": [], "courses": [], "available": [], "preferred_sites": [], "cleared": False}
    if kind == "classes":
        return {**row, "segments": [], "slots": []}
    return dict(row)


def _by_id(problem: Problem, kind: str) -> dict[str, Row]:
    if kind == "rooms":
        return {r["id"]: {**r, "site": s["id"]} for s in problem["sites"] for r in s["rooms"]}
    return {row["id"]: row for row in problem[kind]}


def _volunteer(words: _Words, old: Row, now: Row) -> Iterator[Change]:
    tell = _teller("volunteer", old, now)
    yield from tell("renamed", "name")
    if old["cleared"] != now["cleared"]:
        yield Change("volunteer", old["id"], words.of([old["id"]])[0], "cleared" if now["cleared"] else "not_cleared")
    if old["adult"] != now["adult"]:
        yield Change("volunteer", old["id"], words.of([old["id"]])[0], "adult" if now["adult"] else "minor")
    yield from tell("times", "available", list)
    yield from tell("roles", "roles", list)
    yield from tell("courses", "courses", list, words.of)
    yield from tell("load", "max_segments")
    yield from tell("reach", "reach_km")
    yield from tell("wishes", "preferred_sites", list, words.of)
    yield from tell("wishes", "preferred_segments")
    if _moved(words, old, now):
        yield Change("volunteer", old["id"], words.of([old["id"]])[0], "moved")


def _class(words: _Words, old: Row, now: Row) -> Iterator[Change]:
    tell = _teller("class", old, now)
    yield from tell("renamed", "name")
    yield from tell("children", "children")
    yield from tell("grades", "grades")
    yield from tell("site", "site", name=words.of)
    yield from tell("hours", "segments", list)
    yield from tell("hours", "slots", list)


def _hours(kind: str) -> Callable[[_Words, Row, Row], Iterator[Change]]:
    def make(_words: _Words, old: Row, now: Row) -> Iterator[Change]:
        before, after = (f"{row['start']}–{row['end']}" for row in (old, now))
        if before != after:
            yield Change(kind, old["id"], old["id"], "hours_moved", old=before, now=after)

    return make


def _course(_words: _Words, old: Row, now: Row) -> Iterator[Change]:
    tell = _teller("course", old, now)
    yield from tell("renamed", "name")
    for what in ("domain", "grades", "room_kind", "outdoor"):
        yield from tell(what, what)


def _room(_words: _Words, old: Row, now: Row) -> Iterator[Change]:
    for what in ("kind", "capacity", "site"):
        yield from _teller("room", old, now)(what, what)


def _site(words: _Words, old: Row, now: Row) -> Iterator[Change]:
    yield from _teller("site", old, now)("renamed", "name")
    if _moved(words, old, now):
        yield Change("site", old["id"], str(old.get("name") or old["id"]), "moved")


def _teller(kind: str, old: Row, now: Row) -> Callable[..., Iterator[Change]]:
    """Tells one field of two rows, where it differs."""

    def tell(what: str, field_: str, sort: type | None = None, name: Callable[..., Any] = tuple) -> Iterator[Change]:
        before, after = old.get(field_), now.get(field_)
        if before == after:
            return
        known = str(old.get("name") or old["id"])
        if sort is list:
            gone, new = (
                [x for x in before or () if x not in (after or ())],
                [x for x in after or () if x not in (before or ())],
            )
            if gone or new:
                yield Change(kind, old["id"], known, what, tuple(name(gone)), tuple(name(new)))
        else:
            was, will = (before, after) if name is tuple else (name([before])[0], name([after])[0])
            yield Change(kind, old["id"], known, what, old=was, now=will)

    return tell


def _moved(words: _Words, old: Row, now: Row) -> bool:
    """Whether a place moved against the other places. With a site more or less, the middle of the plane and with it
    every figure changes, and nothing has moved."""
    before, after = _by_id(words.old, "sites"), _by_id(words.now, "sites")
    fixed = next((id_ for id_ in before if id_ in after and id_ != old["id"]), None)
    if fixed is None:
        return False
    return any(
        abs((now[axis] - after[fixed][axis]) - (old[axis] - before[fixed][axis])) > 0.005 for axis in ("x_km", "y_km")
    )


def _bans(words: _Words) -> Iterator[Change]:
    known, there = ({(b["volunteer"], b.get("site") or b["class"]) for b in p["bans"]} for p in (words.old, words.now))
    for what, pairs in (("new", there - known), ("gone", known - there)):
        for volunteer, target in sorted(pairs):
            yield Change("ban", volunteer, words.of([volunteer])[0], f"ban_{what}", new=words.of([target]), now=target)


def _differing(old: Row, now: Row) -> Iterator[str]:
    for name in old.keys() | now.keys():
        if old.get(name) != now.get(name):
            yield name


_ONE = {
    "volunteers": "volunteer", "classes": "class", "segments": "segment", "slots": "slot", "courses": "course",
    "rooms": "room", "sites": "site",
}  # fmt: skip
_ORDER = (*("class", "volunteer", "ban", "segment", "slot", "course", "room", "site"), "policy")
_KINDS: Mapping[str, Callable[[_Words, Row, Row], Iterator[Change]]] = {
    "volunteers": _volunteer, "classes": _class, "segments": _hours("segment"), "slots": _hours("slot"),
    "courses": _course, "rooms": _room, "sites": _site,
}  # fmt: skip
