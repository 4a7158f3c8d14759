"""The JSON formats of a placement: read with exact places, written sorted.

What the contract leaves open is read like this. `seats` is 1, `weekdays` Monday to Friday, `family`, `keep` null,
`min_to_open` 0, `families` "independent", `order` "served-first" and `late` 0 where they are absent. A repeated weekday
is harmless, a repeated wish or kept place is not. An application names at least one wish or keeps a place. Terms are
whole numbers. A child of a grade that no class run takes is malformed; one whose own wishes do not fit is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from scheduler.files.fields import Node, read_format, unique
from scheduler.placement.problem import (
    FAMILY_MODES,
    INDEPENDENT,
    ORDERS,
    REQUIRE,
    SERVED_FIRST,
    Child,
    ClassRun,
    Policy,
    Problem,
)
from scheduler.placement.result import FEASIBLE, OPTIMAL, PROVEN, Level, Place, Placed, Placement, Result

PROBLEM = "qingzai.placement-problem/1"
RESULT = "qingzai.placement/1"
WHOLE_WEEK = (1, 2, 3, 4, 5)


def read_problem(data: object) -> Problem:
    """A problem file. Raises `Malformed` with the first thing that is wrong and its place."""
    root = Node(data)
    read_format(root, PROBLEM)
    policy = _policy(root.need("policy"))
    runs = _not_empty(root.need("classes"))
    classes = tuple(_class(name, n) for name, n in zip(unique(runs, "class"), runs, strict=True))
    by_id = {c.id: c for c in classes}
    grades = grades_of(classes)
    items = _not_empty(root.need("children"))
    children = tuple(read_child(name, n, by_id, grades) for name, n in zip(unique(items, "child"), items, strict=True))
    _check_keeps(items, children, by_id)
    problem = Problem(tuple(sorted(classes, key=lambda c: c.id)), tuple(sorted(children, key=lambda c: c.id)), policy)
    _check_families(items, children, problem)
    return problem


def grades_of(classes: Iterable[ClassRun]) -> set[int]:
    """All grades that some class run takes."""
    return {g for c in classes for g in range(c.grades[0], c.grades[1] + 1)}


def _not_empty(node: Node) -> list[Node]:
    items = node.each()
    return items if items else node.fail("empty_list")


def _policy(node: Node) -> Policy:
    seed, families, order = node.need("seed"), node.may("families"), node.may("order")
    if not seed.text():
        seed.fail("empty_text")
    return Policy(
        seed=seed.text(),
        families=families.one_of(FAMILY_MODES) if families else INDEPENDENT,
        order=order.one_of(ORDERS) if order else SERVED_FIRST,
    )


def _class(name: str, node: Node) -> ClassRun:
    least = node.may("min_to_open")
    return ClassRun(
        id=name,
        site=node.need("site").text(),
        term=node.need("term").whole(),
        grades=_grades(node.need("grades")),
        capacity=node.need("capacity").whole(),
        min_to_open=least.whole() if least else 0,
    )


def _grades(node: Node) -> tuple[int, int]:
    pair = node.each()
    if len(pair) != 2:
        node.fail("wrong_type", expected="[lowest, highest]", found=f"list of {len(pair)}")
    low, high = (n.whole(0, 100) for n in pair)
    return (low, high) if low <= high else node.fail("out_of_range", value=high, least=low)


def read_child(name: str, node: Node, classes: dict[str, ClassRun], grades: Collection[int]) -> Child:
    """One application. `grades`: those that some class run takes. Raises `Malformed` with the place."""
    grade, seats, days = node.need("grade"), node.may("seats"), node.may("weekdays")
    family, keep, late = node.may("family"), node.may("keep"), node.may("late")
    choices = _listed(node.need("choices"), classes)
    child = Child(
        id=name,
        grade=grade.whole(0, 100),
        tier=node.need("tier").whole(),
        choices=choices,
        seats=seats.whole(1) if seats else 1,
        weekdays=tuple(sorted({n.whole(1, 7) for n in _not_empty(days)})) if days else WHOLE_WEEK,
        family=family.text_or_none() if family else None,
        keep=_listed(keep, classes) if keep and keep.value is not None else (),
        late=late.whole() if late else 0,
    )
    if child.grade not in grades:
        grade.fail("no_class_for_grade", grade=child.grade)
    if not child.choices and not child.keep:
        node.need("choices").fail("empty_list")
    return child


def _listed(node: Node, classes: Collection[str]) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for item in node.each():
        name = item.known("class", classes)
        if name in seen:
            item.fail("duplicate", kind="class", id=name)
        seen[name] = None
    return tuple(seen)


def _check_keeps(items: list[Node], children: tuple[Child, ...], classes: dict[str, ClassRun]) -> None:
    """Kept places break no hard rule, alone or together."""
    held: dict[tuple[str, int], int] = {}
    for node, child in zip(items, children, strict=True):
        if not child.keep:
            continue
        keeps, terms = node.need("keep"), set()
        if len(child.keep) > child.seats:
            keeps.fail("keep_seats", kept=len(child.keep), seats=child.seats)
        for place, name in zip(keeps.each(), child.keep, strict=True):
            run = classes[name]
            if not run.fits(child.grade):
                place.fail("keep_grade", **{"class": name}, grade=child.grade, grades=run.grades)
            if run.term in terms:
                place.fail("keep_term", **{"class": name}, term=run.term)
            terms.add(run.term)
            for day in child.weekdays:
                held[name, day] = held.get((name, day), 0) + 1
                if held[name, day] > run.capacity:
                    place.fail("keep_capacity", **{"class": name}, weekday=day, capacity=run.capacity)


def _check_families(items: list[Node], children: tuple[Child, ...], problem: Problem) -> None:
    """With together-or-none, the family of a kept child must have somewhere to be together."""
    if problem.policy.families != REQUIRE:
        return
    for node, child in zip(items, children, strict=True):
        family = problem.families.get(child.family or "")
        if child.keep and family and not problem.meeting_points(family):
            node.need("keep").fail("keep_family", family=child.family)


def write_problem(problem: Problem) -> dict[str, object]:
    """A problem file that reads back as an equal problem: sorted, and complete."""
    return {
        "format": PROBLEM,
        "classes": [
            {
                "id": c.id,
                "site": c.site,
                "term": c.term,
                "grades": list(c.grades),
                "capacity": c.capacity,
                "min_to_open": c.min_to_open,
            }
            for c in problem.classes
        ],
        "children": [_write_child(c) for c in problem.children],
        "policy": {
            "seed": problem.policy.seed,
            "families": problem.policy.families,
            "order": problem.policy.order,
        },
    }


def _write_child(c: Child) -> dict[str, object]:
    return {
        "id": c.id,
        "grade": c.grade,
        "tier": c.tier,
        "choices": list(c.choices),
        "seats": c.seats,
        "weekdays": list(c.weekdays),
        "family": c.family,
        "keep": list(c.keep) or None,
        **({"late": c.late} if c.late else {}),
    }


def read_placement(data: object, problem: Problem) -> Placed:
    """A result file against its problem. Every id must be known; a place listed twice is refused."""
    root = Node(data)
    read_format(root, RESULT)
    places = [_place(n, problem) for n in root.need("places").each()]
    seen: set[tuple[str, str]] = set()
    for node, place in zip(root.need("places").each(), places, strict=True):
        if (place.child, place.class_run) in seen:
            node.fail("duplicate", kind="entry")
        seen.add((place.child, place.class_run))
    waiting = root.need("waitlists")
    lists = {
        Node(name, waiting, name).known("class", problem.class_run): tuple(
            c.known("child", problem.child) for c in n.each()
        )
        for name, n in waiting.fields()
    }
    result, ignored, without = root.may("result"), root.may("ignored_wishes"), root.may("without_wish")
    return Placed(
        Placement(frozenset(places)),
        lists,
        _result(result) if result and result.value is not None else None,
        tuple((n.need("child").text(), n.need("class").text()) for n in ignored.each()) if ignored else None,
        tuple(n.text() for n in without.each()) if without else None,
    )


def _place(node: Node, problem: Problem) -> Place:
    return Place(
        child=node.need("child").known("child", problem.child),
        class_run=node.need("class").known("class", problem.class_run),
        rank=node.need("rank").whole(),
    )


def _result(node: Node) -> Result:
    return Result(
        status=node.need("status").one_of((OPTIMAL, FEASIBLE)),
        order=node.need("order").one_of(ORDERS),
        levels=tuple(
            Level(n.need("name").text(), n.need("value").whole(), n.need("bound").whole())
            for n in node.need("levels").each()
        ),
        draw=node.need("draw").one_of((PROVEN, FEASIBLE)),
        seed=node.need("seed").text(),
        seconds=node.need("seconds").number(0),
    )


def write_placement(placed: Placed) -> dict[str, object]:
    """A placement as plain JSON values, sorted: equal placements give equal files but for `seconds`."""
    data: dict[str, object] = {
        "format": RESULT,
        "places": [
            {"child": p.child, "class": p.class_run, "rank": p.rank}
            for p in sorted(placed.placement.places, key=lambda p: (p.child, p.rank, p.class_run))
        ],
        "waitlists": {name: list(ids) for name, ids in sorted(placed.waitlists.items())},
        "ignored_wishes": [{"child": child, "class": name} for child, name in placed.ignored or ()],
        "without_wish": list(placed.without_wish or ()),
    }
    if placed.result is not None:
        r = placed.result
        data["result"] = {
            "status": r.status,
            "order": r.order,
            "levels": [{"name": x.name, "value": x.value, "bound": x.bound} for x in r.levels],
            "draw": r.draw,
            "seed": r.seed,
            "seconds": r.seconds,
        }
    return data
