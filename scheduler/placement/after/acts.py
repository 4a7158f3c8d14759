"""What each kind of event does to a season, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from scheduler.placement.after.asking import fill
from scheduler.placement.after.changes import apply_late, cancel, give_back, move, withdraw
from scheduler.placement.after.offers import Move, Offer, accept
from scheduler.placement.after.season import (
    ACCEPT,
    APPLY,
    CANCEL,
    CONFIRM,
    DECLINE,
    EXPIRE,
    FILL,
    GIVE_BACK,
    MOVE,
    WITHDRAW,
    Change,
    Event,
    Season,
)
from scheduler.placement.after.standing import Pair, Standing, held_place
from scheduler.placement.problem import Child
from scheduler.result import Malformed


def _follow(season: Season, standing: Standing, changes: Iterable[Change], taken: Iterable[Pair] = ()) -> Season:
    """Confirmations follow the places: who left one confirms it no more."""
    changes = tuple(changes)
    left = {(c.child, c.leaves) for c in changes if c.leaves is not None}
    confirmed = frozenset(pair for pair in season.confirmed if pair not in left) | frozenset(taken)
    return replace(season, standing=standing, changes=(*season.changes, *changes), confirmed=confirmed)


def _child(season: Season, event: Event) -> Child:
    found = season.standing.problem.child.get(event.child)
    if found is None:
        raise Malformed(f"{event.place}.child", "unknown_id", kind="child", id=event.child)
    return found


def _class_run(season: Season, event: Event) -> str:
    if event.class_run not in season.standing.problem.class_run:
        raise Malformed(f"{event.place}.class", "unknown_id", kind="class", id=event.class_run)
    return event.class_run


def _pair(season: Season, event: Event) -> Pair:
    return _child(season, event).id, _class_run(season, event)


def _held(season: Season, event: Event, name: str, field: str) -> Pair:
    try:
        held_place(season.standing, event.child, name)
    except Malformed as error:
        raise Malformed(f"{event.place}.{field}", error.code, **error.facts) from None
    return event.child, name


def _give_back(season: Season, event: Event) -> Season:
    pair = _held(season, event, _pair(season, event)[1], "class")
    done = _follow(season, give_back(season.standing, *pair), [Change(GIVE_BACK, pair[0], None, pair[1])])
    return replace(done, declined=done.declined | {pair})


def _withdraw(season: Season, event: Event) -> Season:
    child = _child(season, event).id
    held = season.standing.state.hand(child)
    changes = [Change(WITHDRAW, child, None, p.class_run) for p in held]
    try:
        standing = withdraw(season.standing, child)
    except Malformed as error:
        raise Malformed(f"{event.place}.child", error.code, **error.facts) from None
    done = _follow(season, standing, changes)
    declined, expired = (frozenset(p for p in pairs if p[0] != child) for pairs in (done.declined, done.expired))
    return replace(done, declined=declined, expired=expired)


def _apply(season: Season, event: Event) -> Season:
    for i, child in enumerate(event.children):
        if child.id in season.standing.problem.child:
            raise Malformed(f"{event.place}.children[{i}].id", "duplicate", kind="child", id=child.id)
        if child.keep:
            raise Malformed(f"{event.place}.children[{i}].keep", "late_keep", child=child.id)
    return replace(season, standing=apply_late(season.standing, event.children))


def _cancel(season: Season, event: Event) -> Season:
    name = _class_run(season, event)
    children = season.standing.placement.in_run.get(name, ())
    changes = [Change(CANCEL, child, None, name) for child in children]
    return _follow(season, cancel(season.standing, name), changes)


def _accept(season: Season, event: Event) -> Season:
    offer = _open(season, event)
    changes = [Change(ACCEPT, m.child, m.class_run, m.leaves) for m in offer.moves]
    taken = [(m.child, m.class_run) for m in offer.moves]
    return _follow(season, accept(season.standing, offer), changes, taken)


def _open(season: Season, event: Event) -> Offer:
    """The open offer that an event speaks of."""
    pair = _pair(season, event)
    offer = next((o for o in season.offers if (o.child, o.class_run) == pair), None)
    if offer is None:
        asked = [o.child for o in season.offers if o.class_run == pair[1]]
        raise Malformed(event.place, "not_offered", child=pair[0], **{"class": pair[1]}, asked=asked)
    return offer


def _decline(season: Season, event: Event) -> Season:
    child, name = _pair(season, event)
    if name not in season.standing.problem.child[child].choices:
        raise Malformed(f"{event.place}.class", "not_a_wish", child=child, **{"class": name})
    if (child, name) in _places(season.standing):
        raise Malformed(f"{event.place}.class", "holds_already", child=child, **{"class": name})
    offers = tuple(o for o in season.offers if (o.child, o.class_run) != (child, name))
    return replace(season, offers=offers, declined=season.declined | {(child, name)})


def _expire(season: Season, event: Event) -> Season:
    offer = _open(season, event)
    offers = tuple(o for o in season.offers if o != offer)
    return replace(season, offers=offers, expired=season.expired | {(offer.child, offer.class_run)})


def _places(standing: Standing) -> set[Pair]:
    return {(p.child, p.class_run) for p in standing.placement.places}


def _move(season: Season, event: Event) -> Season:
    child, name = _pair(season, event)
    if event.leaves is not None:
        _held(season, event, event.leaves, "leaves")
    offers = tuple(o for o in season.offers if o.child != child)
    try:
        standing = move(season.standing, Move(child, name, event.leaves), offers)
    except Malformed as error:
        raise Malformed(f"{event.place}.class", error.code, **error.facts) from None
    return _follow(season, standing, [Change(MOVE, child, name, event.leaves)], [(child, name)])


def _confirm(season: Season, event: Event) -> Season:
    pair = _held(season, event, _pair(season, event)[1], "class")
    return replace(season, confirmed=season.confirmed | {pair})


_ACTS: Mapping[str, Callable[[Season, Event], Season]] = MappingProxyType(
    {
        GIVE_BACK: _give_back,
        WITHDRAW: _withdraw,
        APPLY: _apply,
        CANCEL: _cancel,
        ACCEPT: _accept,
        DECLINE: _decline,
        EXPIRE: _expire,
        MOVE: _move,
        CONFIRM: _confirm,
    }
)


def happen(season: Season, events: Iterable[Event]) -> Season:
    """The season after these events; after each, what is free is offered at once.

    Raises:
        Malformed: what an event says cannot be, with its place in the file.
    """
    season = season.asked()
    for event in events:
        season = _ACTS[event.kind](season, event).asked()
    return season


def filled(season: Season) -> Season:
    """What would come of it if everybody said yes to every offer."""
    standing, taken = fill(season.standing, season.passed, season.offers)
    moves = [m for offer in taken for m in offer.moves]
    changes = [Change(FILL, m.child, m.class_run, m.leaves) for m in moves]
    return replace(_follow(season, standing, changes), offers=()).asked()
