"""The JSON format of what happened after a draw, and the standing that came of it, as a result file with more in it.

An event names its kind in `event`, and the fields that its kind needs:

    {"event": "give-back", "child": "a0001", "class": "t1-c01"}      a place is given back
    {"event": "withdraw", "child": "a0001"}                          a child leaves the season altogether
    {"event": "apply", "children": [{"id": "b0001", ...}]}           late applications, as in a problem file; one batch
    {"event": "accept", "child": "a0002", "class": "t1-c01"}         an open offer is taken
    {"event": "decline", "child": "a0002", "class": "t1-c01"}        a wish, offered or not, is wanted no more
    {"event": "expire", "child": "a0002", "class": "t1-c01"}         an open offer was not answered in time
    {"event": "cancel", "class": "t1-c02"}                           a class run does not take place
    {"event": "move", "child": "a0003", "class": "t1-c03", "leaves": "t1-c02"}    the family agreed to another class run
    {"event": "confirm", "child": "a0004", "class": "t1-c04"}        the family says that the child will come

The list is in the order in which things happened. A result file that came of it keeps in `after` what the next events
need (open offers, refusals, confirmations …), so that events may come in one file or in several, one after the other.
"""

from __future__ import annotations

from typing import Any

from scheduler.files.fields import Node, read_format
from scheduler.placement.after.asking import first_impossible
from scheduler.placement.after.offers import Move, Offer
from scheduler.placement.after.season import (
    APPLY,
    CANCEL,
    KINDS,
    MOVE,
    WITHDRAW,
    Event,
    Season,
)
from scheduler.placement.after.small import Small, small_runs
from scheduler.placement.after.standing import Pair, Standing
from scheduler.placement.files import grades_of, read_child, write_placement
from scheduler.placement.problem import Problem
from scheduler.placement.result import Placed
from scheduler.placement.waitlists import waitlists

EVENTS = "qingzai.placement-events/1"

Json = dict[str, Any]


def read_events(data: object, problem: Problem) -> tuple[Event, ...]:
    """An events file: shapes and class runs, with exact places. Who applied when is seen when it happens."""
    root = Node(data)
    read_format(root, EVENTS)
    return tuple(_event(node, problem) for node in root.need("events").each())


def _event(node: Node, problem: Problem) -> Event:
    kind = node.need("event").one_of(KINDS)
    if kind == APPLY:
        return Event(kind, node.place, children=_children(node.need("children"), problem))
    child = node.need("child").text() if kind != CANCEL else ""
    name = node.need("class").known("class", problem.class_run) if kind != WITHDRAW else ""
    leaves = node.may("leaves") if kind == MOVE else None
    is_left = leaves is not None and leaves.value is not None
    left = leaves.known("class", problem.class_run) if leaves and is_left else None
    return Event(kind, node.place, child, name, left)


def _children(node: Node, problem: Problem) -> tuple[Any, ...]:
    items, grades, seen = node.each(), grades_of(problem.classes), set[str]()
    if not items:
        node.fail("empty_list")
    found = []
    for item in items:
        name = item.need("id")
        if name.text() in seen:
            name.fail("duplicate", kind="child", id=name.text())
        seen.add(name.text())
        found.append(read_child(name.text(), item, problem.class_run, grades))
    return tuple(found)


def read_season(data: object, problem: Problem, placed: Placed) -> Season:
    """A result file as a season: one that was drawn begins it, one that came of events goes on."""
    after, standing = Node(data).may("after"), Standing(problem, placed.placement)
    if after is None or after.value is None:
        return Season(standing)
    rows = after.need("offers").each()
    offers = tuple(_offer(n, problem) for n in rows)
    impossible = first_impossible(standing, offers)
    if impossible is not None:
        rows[impossible].fail("offer_impossible")
    declined, expired, confirmed = (
        frozenset(_pair(n, problem) for n in after.need(key).each()) for key in ("declined", "expired", "confirmed")
    )
    return Season(standing, offers, declined, expired, confirmed)


def _offer(node: Node, problem: Problem) -> Offer:
    moves, rows = list[Move](), node.need("moves").each()
    if not rows:
        node.need("moves").fail("empty_list")
    for n in rows:
        leaves, pair = n.need("leaves"), _wish(n, problem)
        moves.append(Move(*pair, None if leaves.value is None else leaves.known("class", problem.class_run)))
    return Offer(*_wish(node, problem), tuple(moves))


def _wish(node: Node, problem: Problem) -> Pair:
    child, name = _pair(node, problem)
    if name not in problem.child[child].choices:
        node.need("class").fail("not_a_wish", child=child, **{"class": name})
    return child, name


def _pair(node: Node, problem: Problem) -> Pair:
    return node.need("child").known("child", problem.child), node.need("class").known("class", problem.class_run)


def write_season(season: Season) -> Json:
    """A result file: who holds what now, and in `after` what happened and what is open.

    `after.changes` are the places that were taken and left, in order; `after.offers` the ones that somebody is asked
    about, which nobody has yet; `after.small` the class runs that have too few children to open, and where these
    could go.
    """
    standing, problem = season.standing, season.standing.problem
    lists = waitlists(problem, standing.placement)
    written: Json = write_placement(Placed(standing.placement, lists, None, problem.ignored, problem.without_wish))
    written["after"] = {
        "changes": [{"event": c.kind, "child": c.child, "takes": c.takes, "leaves": c.leaves} for c in season.changes],
        "offers": [_write_offer(offer) for offer in season.offers],
        "declined": _pairs(season.declined),
        "expired": _pairs(season.expired),
        "confirmed": _pairs(season.confirmed),
        "small": [_write_small(one) for one in small_runs(standing, season.offers)],
    }
    return written


def _write_offer(offer: Offer) -> Json:
    moves = [{"child": m.child, "class": m.class_run, "leaves": m.leaves} for m in offer.moves]
    return {"child": offer.child, "class": offer.class_run, "moves": moves}


def _pairs(pairs: frozenset[Pair]) -> list[Json]:
    return [{"child": child, "class": name} for child, name in sorted(pairs)]


def _write_small(small: Small) -> Json:
    children = [
        {"child": a.child, "kept": a.is_kept, "wishes": [o.class_run for o in a.wishes], "others": list(a.others)}
        for a in small.affected
    ]
    return {"class": small.class_run, "children": small.children, "least": small.least, "affected": children}
