"""The problem file of a weekly roster: read with exact places, written back complete."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import fields, replace
from datetime import date

from scheduler.files.fields import Node, read_format, unique
from scheduler.files.rosters import FORMAT as ROSTER_FORMAT
from scheduler.files.rosters import known_ids, read_entries, read_pins
from scheduler.roster.problem import (
    Ban,
    ClassRun,
    Course,
    Policy,
    Problem,
    Room,
    Roster,
    Segment,
    Site,
    Slot,
    Volunteer,
    Weights,
)

FORMAT = "qingzai.roster-problem/1"
ROLES = frozenset({"lead", "assistant", "instructor"})
MOST_KM = 100_000.0


def read_problem(data: object) -> Problem:
    """A problem file. Raises `Malformed` with the first thing that is wrong and its place."""
    root = Node(data)
    read_format(root, FORMAT)
    segments = _segments(root.need("segments"))
    slots = _slots(root.need("slots"), {s.id: s for s in segments})
    problem = Problem(
        week=_date(root.need("week")),
        segments=segments,
        slots=slots,
        sites=_sites(root.need("sites")),
        courses=_courses(root.need("courses")),
        classes=(),
        volunteers=(),
        policy=_policy(root.need("policy")),
    )
    problem = replace(problem, classes=_classes(root.need("classes"), problem))
    problem = replace(problem, volunteers=_volunteers(root.need("volunteers"), problem))
    return _with_decisions(root, problem)


def _with_decisions(root: Node, problem: Problem) -> Problem:
    """Add what people decided: pins, bans, heat, the published roster."""
    bans, heat, frozen = root.may("bans"), root.may("heat_days"), root.may("frozen_before")
    published, cost = _published(root.may("published"))
    return replace(
        problem,
        pins=read_pins(root.may("pins"), known_ids(problem)),
        bans=tuple(_ban(n, problem) for n in bans.each()) if bans else (),
        heat_days=frozenset(n.whole(1, 7) for n in heat.each()) if heat else frozenset(),
        published=published,
        published_cost=cost,
        frozen_before=frozen.known("segment", problem.segment) if frozen and frozen.value is not None else None,
    )


def _date(node: Node) -> str:
    text = node.text()
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        node.fail("bad_date", value=text)
    return text


def _minutes(node: Node) -> int:
    """Minutes since midnight of an `HH:MM`, 00:00 to 23:59."""
    match = re.fullmatch("([01][0-9]|2[0-3]):([0-5][0-9])", node.text())
    return int(match[1]) * 60 + int(match[2]) if match else node.fail("bad_time", value=node.value)


def _hours(node: Node) -> tuple[int, int]:
    start, end = _minutes(node.need("start")), _minutes(node.need("end"))
    if end <= start:
        node.need("end").fail("bad_time", value=node.need("end").value, after=node.need("start").value)
    return start, end


def _segments(node: Node) -> tuple[Segment, ...]:
    items = node.each()
    return tuple(
        Segment(name, n.need("weekday").whole(1, 7), *_hours(n))
        for name, n in zip(unique(items, "segment"), items, strict=True)
    )


def _slots(node: Node, segment: dict[str, Segment]) -> tuple[Slot, ...]:
    items = node.each()
    return tuple(_slot(name, n, segment) for name, n in zip(unique(items, "slot"), items, strict=True))


def _slot(name: str, node: Node, segment: dict[str, Segment]) -> Slot:
    slot = Slot(name, node.need("segment").known("segment", segment), *_hours(node))
    within = segment[slot.segment]
    if not within.start <= slot.start < slot.end <= within.end:
        node.fail("slot_outside_segment", slot=name, segment=slot.segment)
    return slot


def _name(node: Node) -> str:
    name = node.may("name")
    return name.text() if name else ""


def _sites(node: Node) -> tuple[Site, ...]:
    items = node.each()
    names = unique(items, "site")
    # A lesson names its room by id alone, so room ids are unique over all sites.
    unique([room for n in items for room in n.need("rooms").each()], "room")
    return tuple(
        Site(name, _name(n), *_home(n), tuple(_room(room) for room in n.need("rooms").each()))
        for name, n in zip(names, items, strict=True)
    )


def _home(node: Node) -> tuple[float, float]:
    return node.need("x_km").number(-MOST_KM, MOST_KM), node.need("y_km").number(-MOST_KM, MOST_KM)


def _room(node: Node) -> Room:
    return Room(node.need("id").text(), node.need("kind").text(), node.need("capacity").whole())


def _grades(node: Node) -> tuple[int, int]:
    pair = node.each()
    if len(pair) != 2:
        node.fail("wrong_type", expected="[lowest, highest]", found=f"list of {len(pair)}")
    low, high = pair[0].whole(), pair[1].whole()
    return (low, high) if low <= high else node.fail("out_of_range", value=high, least=low)


def _courses(node: Node) -> tuple[Course, ...]:
    items = node.each()
    return tuple(
        Course(
            id=name,
            name=_name(n),
            domain=n.need("domain").text(),
            grades=_grades(n.need("grades")),
            room_kind=n.need("room_kind").text_or_none(),
            outdoor=n.need("outdoor").flag(),
        )
        for name, n in zip(unique(items, "course"), items, strict=True)
    )


def _classes(node: Node, problem: Problem) -> tuple[ClassRun, ...]:
    items = node.each()
    return tuple(_class(name, n, problem) for name, n in zip(unique(items, "class"), items, strict=True))


def _class(name: str, node: Node, problem: Problem) -> ClassRun:
    segments = _listed(node.need("segments"), "segment", problem.segment)
    slots = _listed(node.need("slots"), "slot", problem.slot)
    for item, slot in zip(node.need("slots").each(), slots, strict=True):
        if problem.slot[slot].segment not in segments:
            item.fail("slot_not_in_class_segments", slot=slot, segment=problem.slot[slot].segment)
    return ClassRun(
        id=name,
        site=node.need("site").known("site", problem.site),
        grades=_grades(node.need("grades")),
        children=node.need("children").whole(),
        segments=segments,
        slots=slots,
        interest=_interest(node.may("interest"), problem),
    )


def _listed(node: Node, kind: str, ids: Collection[str]) -> tuple[str, ...]:
    """Ids that are counted one by one, so that a repeated one is refused."""
    seen: dict[str, None] = {}
    for item in node.each():
        name = item.known(kind, ids)
        if name in seen:
            item.fail("duplicate", kind=kind, id=name)
        seen[name] = None
    return tuple(seen)


def _interest(node: Node | None, problem: Problem) -> dict[str, int]:
    if node is None:
        return {}
    return {Node(name, node, name).known("course", problem.course): n.whole(0, 10) for name, n in node.fields()}


def _volunteers(node: Node, problem: Problem) -> tuple[Volunteer, ...]:
    items = node.each()
    return tuple(_volunteer(name, n, problem) for name, n in zip(unique(items, "volunteer"), items, strict=True))


def _volunteer(name: str, node: Node, problem: Problem) -> Volunteer:
    x_km, y_km = _home(node)
    preferred = node.may("preferred_sites")
    return Volunteer(
        id=name,
        name=_name(node),
        roles=frozenset(n.one_of(ROLES) for n in node.need("roles").each()),
        courses=_set(node.need("courses"), "course", problem.course),
        available=_set(node.need("available"), "segment", problem.segment),
        max_segments=node.need("max_segments").whole(),
        preferred_segments=node.need("preferred_segments").whole(),
        x_km=x_km,
        y_km=y_km,
        reach_km=node.need("reach_km").number(0),
        preferred_sites=_set(preferred, "site", problem.site) if preferred else frozenset(),
        adult=node.need("adult").flag(),
        cleared=node.need("cleared").flag(),
    )


def _set(node: Node, kind: str, ids: Collection[str]) -> frozenset[str]:
    """Ids that are only asked "is it in?", so that a repeated one is harmless."""
    if isinstance(node.value, list) and all(type(item) is str and item in ids for item in node.value):
        return frozenset(node.value)  # As it nearly always is: no place needs to be known.
    return frozenset(item.known(kind, ids) for item in node.each())


def _policy(node: Node) -> Policy:
    weights = node.need("weights")
    named = {f.name: weights.may(f.name) for f in fields(Weights)}
    return Policy(
        min_adults=node.need("min_adults").whole(),
        children_per_adult=node.need("children_per_adult").whole(1),
        max_lessons_per_course=node.need("max_lessons_per_course").whole(),
        domain_minimums={Node(name, n).text(): n.whole() for name, n in node.need("domain_minimums").fields()},
        travel_minutes_fixed=node.need("travel_minutes_fixed").number(0),
        travel_minutes_per_km=node.need("travel_minutes_per_km").number(0),
        weights=Weights(**{name: n.whole() for name, n in named.items() if n}),
    )


def _ban(node: Node, problem: Problem) -> Ban:
    given = {kind: n for kind in ("class", "site") if (n := node.may(kind)) and n.value is not None}
    if len(given) != 1:
        node.fail("ban_needs_one_of", fields=("class", "site"))
    return Ban(
        volunteer=node.need("volunteer").known("volunteer", problem.volunteer),
        class_run=given["class"].known("class", problem.class_run) if "class" in given else None,
        site=given["site"].known("site", problem.site) if "site" in given else None,
    )


def _published(node: Node | None) -> tuple[Roster | None, tuple[int, int]]:
    """The roster in force. It may name what was dropped since: its ids are not looked up."""
    if node is None or node.value is None:
        return None, (0, 0)
    if node.may("format"):
        read_format(node, ROSTER_FORMAT)
    result = node.may("result")
    cost = result.may("cost") if result and result.value is not None else None
    levels = [cost.may(level) if cost else None for level in ("safety", "programme")]
    safety, programme = (n.whole() if n else 0 for n in levels)
    return read_entries(node, None), (safety, programme)
