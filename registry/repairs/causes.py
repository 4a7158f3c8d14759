"""What can happen to a week, as changes of its problem: somebody is away, it is too hot, a class is closed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from registry.errors import Conflict, Refused
from registry.repairs.words import site_of_class

Json = dict[str, Any]
ABSENT, HEAT, CLOSED = "absent", "heat", "closed"


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that happened on some weekdays (1 is Monday). `of` is a volunteer or a class, empty for heat. An
    absence of parts of those days names their `segments`."""

    kind: str
    days: tuple[int, ...]
    of: str = ""
    segments: tuple[str, ...] = ()

    def as_json(self) -> Json:
        """As it is stored."""
        return {**asdict(self), "days": list(self.days), "segments": list(self.segments)}

    def hits(self, segment: str, weekday: int) -> bool:
        """Whether it happens in a segment of a weekday."""
        return segment in self.segments if self.segments else weekday in self.days


def read_cause(data: Mapping[str, Any]) -> Cause:
    """A stored cause."""
    return Cause(data["kind"], tuple(data["days"]), data["of"], tuple(data.get("segments", ())))


def check_cause(problem: Json, roster: Json, cause: Cause, first: int) -> None:
    """Make sure that it can have happened. `first` is the first weekday that is not over.

    Raises:
        Refused: `cause_unknown`; `cause_days`, none or none of the week; `day_gone`; `cause_of`, no such volunteer or
            class. Conflict: `nothing_to_mend`, the board knows of it already, and nobody who is away is left on it.
    """
    if cause.kind not in (ABSENT, HEAT, CLOSED):
        raise Refused("cause_unknown", kind=cause.kind[:40])
    week = {s["weekday"] for s in problem["segments"]}
    if not cause.days or not set(cause.days) <= week:
        raise Refused("cause_days")
    if min(cause.days) < first:
        raise Refused("day_gone", weekday=min(cause.days))
    names = {ABSENT: "volunteers", CLOSED: "classes"}
    if cause.kind != HEAT and all(row["id"] != cause.of for row in problem[names[cause.kind]]):
        raise Refused("cause_of", kind=cause.kind)
    if with_cause(problem, cause) == problem and not _is_engaged(problem, roster, cause):
        raise Conflict("nothing_to_mend")


def _is_engaged(problem: Json, roster: Json, cause: Cause) -> bool:
    """Whether somebody who is away has anything then."""
    hit = {s["id"] for s in problem["segments"] if cause.hits(s["id"], s["weekday"])}
    hit |= {s["id"] for s in problem["slots"] if s["segment"] in hit}
    there = [(d["volunteer"], d["segment"]) for d in roster["duties"]]
    there += [(x["instructor"], x["slot"]) for x in roster["lessons"]]
    return any(who == cause.of and at in hit for who, at in there)


def with_cause(problem: Json, cause: Cause) -> Json:
    """The problem as it is once this has happened. A class that closes stays in it, without those segments, so that
    the entries that it had can still be read."""
    segments = {s["id"] for s in problem["segments"] if cause.hits(s["id"], s["weekday"])}
    if cause.kind == HEAT:
        return {**problem, "heat_days": sorted({*problem.get("heat_days", ()), *cause.days})}
    if cause.kind == ABSENT:
        return {**problem, "volunteers": [_without(v, cause.of, available=segments) for v in problem["volunteers"]]}
    slots = {s["id"] for s in problem["slots"] if s["segment"] in segments}
    return {**problem, "classes": [_without(c, cause.of, segments=segments, slots=slots) for c in problem["classes"]]}


def sites_of_cause(problem: Json, roster: Json, cause: Cause) -> set[str]:
    """The sites where it is felt: of the class that closes, of the classes of whoever is away. Heat is the district's
    business and felt at no site of its own."""
    site_of = site_of_class(problem)
    if cause.kind == CLOSED:
        return {site_of[cause.of]} if cause.of in site_of else set()
    if cause.kind == HEAT:
        return set()
    theirs = [d["class"] for d in roster["duties"] if d["volunteer"] == cause.of]
    theirs += [x["class"] for x in roster["lessons"] if x["instructor"] == cause.of]
    return {site_of[run] for run in theirs}


def with_causes(problem: Json, causes: Sequence[Cause]) -> Json:
    """The problem once all of this has happened."""
    for cause in causes:
        problem = with_cause(problem, cause)
    return problem


def _without(row: Json, of: str, **lists: Collection[str]) -> Json:
    if row["id"] != of:
        return row
    return {**row, **{name: [x for x in row[name] if x not in gone] for name, gone in lists.items()}}


def leaving_alone(problem: Json, roster: Json, people: Collection[str]) -> Json:
    """The problem in which these people keep what they have and get nothing: their entries that may stand are pinned,
    and they could do nothing else."""
    segment_of = {s["id"]: s["segment"] for s in problem["slots"]}
    duties = [d for d in roster["duties"] if d["volunteer"] in people]
    lessons = [x for x in roster["lessons"] if x["instructor"] in people]
    free = {v["id"]: set(v["available"]) for v in problem["volunteers"]}
    open_at = {c["id"]: set(c["segments"]) for c in problem["classes"]}
    pins = problem.get("pins") or {}
    known = {kind: {_key(row) for row in pins.get(kind, ())} for kind in ("duties", "lessons")}
    held = {
        "duties": [d for d in duties if d["segment"] in free[d["volunteer"]] & open_at[d["class"]]],
        "lessons": [x for x in lessons if segment_of[x["slot"]] in free[x["instructor"]] & open_at[x["class"]]],
    }
    firm = {
        kind: [*pins.get(kind, ()), *(row for row in rows if _key(row) not in known[kind])]
        for kind, rows in held.items()
    }
    engaged: dict[str, set[str]] = {v: set() for v in people}
    for v, s in (*((d["volunteer"], d["segment"]) for d in duties),
                 *((x["instructor"], segment_of[x["slot"]]) for x in lessons)):  # fmt: skip
        engaged[v].add(s)
    rows = [
        {**v, "available": [s for s in v["available"] if s in engaged[v["id"]]]} if v["id"] in people else v
        for v in problem["volunteers"]
    ]
    return {
        **problem,
        "pins": firm,
        "volunteers": rows,
        "bans": [*problem.get("bans", ()), *_bans(problem, duties, lessons)],
    }


def _bans(problem: Json, duties: Sequence[Json], lessons: Sequence[Json]) -> Iterator[Json]:
    """Nobody of them comes to a class that is not theirs already."""
    theirs: dict[str, set[str]] = {}
    for row in (*duties, *lessons):
        theirs.setdefault(row.get("volunteer") or row["instructor"], set()).add(row["class"])
    for v, classes in theirs.items():
        yield from ({"volunteer": v, "class": c["id"]} for c in problem["classes"] if c["id"] not in classes)


def _key(row: Json) -> tuple[str, ...]:
    return tuple(str(value) for name, value in sorted(row.items()) if name != "waives")


def first_open(monday: date, today: date) -> int:
    """The weekday of the first day that is not over; 1 before the week begins, beyond 7 once it is over."""
    return max(1, (today - monday).days + 1)


def frozen_before(problem: Json, first: int) -> str | None:
    """The first segment that is not over, None where the whole week is still open."""
    ordered = sorted(problem["segments"], key=lambda s: (s["weekday"], s["start"]))
    later = next((s for s in ordered if s["weekday"] >= first), None)
    return None if later is None or later is ordered[0] else str(later["id"])
