"""The roster file: duties, lessons, pins and what is known of a roster's quality."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from scheduler.files.fields import Node, read_format
from scheduler.result import Cost, RepairCost, RepairResult, Result
from scheduler.roster.problem import Duty, Lesson, Pins, Problem, Roster

FORMAT = "qingzai.roster/1"
WAIVABLE = frozenset({"reach", "load", "roles", "travel", "lesson"})
DUTY_ROLES = frozenset({"lead", "assistant"})
STATUSES = frozenset({"optimal", "feasible"})

Known = Mapping[str, Collection[str]]
Entry = TypeVar("Entry", Duty, Lesson)


def known_ids(problem: Problem) -> Known:
    """Ids by kind, against which entries are read."""
    return {
        "volunteer": problem.volunteer,
        "class": problem.class_run,
        "segment": problem.segment,
        "slot": problem.slot,
        "course": problem.course,
        "room": problem.room,
    }


def read_roster(data: object, problem: Problem) -> Roster:
    """A roster file against its problem. Every id must be known; an entry listed twice is refused."""
    root = Node(data)
    read_format(root, FORMAT)
    return read_entries(root, known_ids(problem))


def read_result(data: object) -> Result | None:
    """The `result` of a roster file, None where it has none. Only its `cost` is required."""
    node = Node(data).may("result")
    if node is None or node.value is None:
        return None
    bound, seconds, seed = node.may("bound"), node.may("seconds"), node.may("seed")
    status, workers, proofs = node.may("status"), node.may("workers"), node.may("proofs")
    failures = node.may("failures")
    return Result(
        status=status.one_of(STATUSES) if status else "feasible",
        cost=_cost(node.need("cost")),
        bound=_cost(bound) if bound else Cost(0, 0, 0),
        seconds=seconds.number(0) if seconds else 0.0,
        seed=seed.whole(-(2**63), 2**63) if seed else 0,
        workers=workers.whole() if workers else 1,
        proofs={name: item.text() for name, item in proofs.fields()} if proofs else {},
        failures=tuple(item.text() for item in failures.each()) if failures else (),
    )


def _cost(node: Node) -> Cost:
    return Cost(*(node.need(level).whole(0, 2**63) for level in Cost._fields))


def read_repair_cost(data: object) -> RepairCost | None:
    """The `result.cost` of a repaired roster, None where the file states no repair: no `people`, no `changes`."""
    result = Node(data).may("result")
    cost = result.may("cost") if result is not None and result.value is not None else None
    if cost is None or (cost.may("people") is None and cost.may("changes") is None):
        return None
    return RepairCost(*(cost.need(level).whole(0, 2**63) for level in RepairCost._fields))


def read_entries(node: Node, known: Known | None) -> Roster:
    """Duties and lessons. Without `known`, ids may name what no longer exists (a published roster)."""
    duties = [(item, read_duty(item, known)) for item in node.need("duties").each()]
    lessons = [(item, read_lesson(item, known)) for item in node.need("lessons").each()]
    return Roster(_once(duties), _once(lessons))


def _once(read: Iterable[tuple[Node, Entry]]) -> frozenset[Entry]:
    seen: set[Entry] = set()
    for node, entry in read:
        if entry in seen:
            node.fail("duplicate", kind="entry")
        seen.add(entry)
    return frozenset(seen)


def _id(node: Node, name: str, kind: str, known: Known | None) -> str:
    field = node.need(name)
    return field.text() if known is None else field.known(kind, known[kind])


def read_duty(node: Node, known: Known | None) -> Duty:
    """One duty, all four fields."""
    return _sound_duty(node.value, known or {}) or Duty(
        volunteer=_id(node, "volunteer", "volunteer", known),
        class_run=_id(node, "class", "class", known),
        segment=_id(node, "segment", "segment", known),
        role=node.need("role").one_of(DUTY_ROLES),
    )


def read_lesson(node: Node, known: Known | None) -> Lesson:
    """One lesson, all five fields; `room` may be null but not absent."""
    if (sound := _sound_lesson(node.value, known or {})) is not None:
        return sound
    no_room = node.need("room").value is None
    return Lesson(
        class_run=_id(node, "class", "class", known),
        slot=_id(node, "slot", "slot", known),
        course=_id(node, "course", "course", known),
        instructor=_id(node, "instructor", "volunteer", known),
        room=None if no_room else _id(node, "room", "room", known),
    )


def _sound_duty(data: Any, known: Known) -> Duty | None:
    """A duty that is as it should be, at a glance: a district has thousands. None where closer reading has to say what
    is wrong. Whatever is among the ids is a text."""
    try:
        who, run, segment, role = data["volunteer"], data["class"], data["segment"], data["role"]
        is_sound = who in known["volunteer"] and run in known["class"] and segment in known["segment"]
        return Duty(who, run, segment, role) if is_sound and role in DUTY_ROLES else None
    except (KeyError, TypeError, IndexError):
        return None


def _sound_lesson(data: Any, known: Known) -> Lesson | None:
    """The same of a lesson."""
    try:
        run, slot, course, who, room = (data[name] for name in ("class", "slot", "course", "instructor", "room"))
        is_sound = run in known["class"] and slot in known["slot"] and course in known["course"]
        has_room = room is None or room in known["room"]
        return Lesson(run, slot, course, who, room) if is_sound and has_room and who in known["volunteer"] else None
    except (KeyError, TypeError, IndexError):
        return None


def read_pins(node: Node | None, known: Known) -> Pins:
    """Pinned entries, each with the rules that it waives."""
    if node is None:
        return Pins()
    return Pins(_pinned(node.may("duties"), read_duty, known), _pinned(node.may("lessons"), read_lesson, known))


def _pinned(
    node: Node | None, read: Callable[[Node, Known], Entry], known: Known
) -> tuple[tuple[Entry, frozenset[str]], ...]:
    if node is None:
        return ()
    pinned: dict[Entry, frozenset[str]] = {}
    for item in node.each():
        entry = read(item, known)
        if entry in pinned:
            item.fail("duplicate", kind="pin")
        pinned[entry] = _waives(item.may("waives"))
    return tuple(pinned.items())


def _waives(node: Node | None) -> frozenset[str]:
    return frozenset(rule.one_of(WAIVABLE) for rule in node.each()) if node is not None else frozenset()


def write_duty(duty: Duty) -> dict[str, object]:
    """One duty as it stands in a file."""
    return {
        "volunteer": duty.volunteer,
        "class": duty.class_run,
        "segment": duty.segment,
        "role": duty.role,
    }


def write_lesson(lesson: Lesson) -> dict[str, object]:
    """One lesson as it stands in a file."""
    return {
        "class": lesson.class_run,
        "slot": lesson.slot,
        "course": lesson.course,
        "instructor": lesson.instructor,
        "room": lesson.room,
    }


def duty_order(duty: Duty) -> tuple[str, ...]:
    """Sort key of duties: class, segment, volunteer, role."""
    return (duty.class_run, duty.segment, duty.volunteer, duty.role)


def lesson_order(lesson: Lesson) -> tuple[str, ...]:
    """Sort key of lessons: class, slot, course, instructor, room (the home room first)."""
    return (lesson.class_run, lesson.slot, lesson.course, lesson.instructor, lesson.room or "")


def write_roster(roster: Roster, result: Result | RepairResult | None = None) -> dict[str, object]:
    """A roster as plain JSON values, sorted: equal rosters give equal files. No `result`, no such field."""
    data: dict[str, object] = {
        "format": FORMAT,
        "duties": [write_duty(d) for d in sorted(roster.duties, key=duty_order)],
        "lessons": [write_lesson(x) for x in sorted(roster.lessons, key=lesson_order)],
    }
    if result is not None:
        data["result"] = _write_result(result)
    return data


def _write_result(result: Result | RepairResult) -> dict[str, object]:
    data: dict[str, object] = {
        "status": result.status,
        "cost": result.cost._asdict(),
        "bound": result.bound._asdict(),
        "seconds": result.seconds,
        "seed": result.seed,
        "workers": result.workers,
    }
    if result.proofs:
        data["proofs"] = dict(sorted(result.proofs.items()))
    if isinstance(result, Result) and result.failures:
        data["failures"] = list(result.failures)
    if isinstance(result, RepairResult) and (result.dropped.duties or result.dropped.lessons):
        data["dropped_pins"] = write_pins(result.dropped)
    return data


def write_pins(pins: Pins) -> dict[str, object]:
    """Pins as they stand in a file."""
    return {
        "duties": [write_duty(d) | {"waives": sorted(waives)} for d, waives in pins.duties],
        "lessons": [write_lesson(x) | {"waives": sorted(waives)} for x, waives in pins.lessons],
    }
