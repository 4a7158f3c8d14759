"""Why every child has what it has: one code and the facts behind it, for each child and each wish not met.

A claim is what a child brings to a class run: its tier, the rank of the wish, its lottery number; smaller is better.
The last admitted claim is the worst among those who hold a place there and did not bring it from an earlier round.
Everything is counted from problem and result alone; nothing here loads the solver.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from scheduler.placement.exchange import LEVEL, NOTHING, RULE, State, Verdict, judge
from scheduler.placement.problem import Child, Problem
from scheduler.placement.result import Place, Placed
from scheduler.placement.waitlists import waits

FIRST_WISH, LESSER_WISH, KEPT = "first_wish", "lesser_wish", "kept"
NO_PLACE, NO_USABLE_WISH = "no_place", "no_usable_wish"
CHILD_CODES = (FIRST_WISH, LESSER_WISH, KEPT, NO_PLACE, NO_USABLE_WISH)

WRONG_GRADE, NOT_OPEN, CONFIRMED, BETTER_CLAIMS = "wrong_grade", "not_open", "confirmed", "better_claims"
NO_OTHER_PLACE = "no_other_place"
_VERDICTS = {RULE: "by_rule", LEVEL: "by_level", NOTHING: "not_proven"}
WISH_CODES = (
    *(WRONG_GRADE, NOT_OPEN, CONFIRMED, BETTER_CLAIMS, NO_OTHER_PLACE),
    *(f"worse_{kind}" for kind in _VERDICTS.values()),
    *("room_by_rule", "room_not_proven"),  # a better place at no one's cost makes no level worse
)


class Claim(NamedTuple):
    """What a child brings to a class run. Claims compare as they are served."""

    tier: int
    rank: int
    number: int


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish that was not met. `code` is one of `WISH_CODES`.

    `applied`: children who wish it and fit its grade, or keep it; `places`: its capacity; `admitted`: who holds one;
    `confirmed`: who of them kept it; `worse`: admitted claims of this round that are worse than `own`; `position`: on
    the waitlist, from 1; `decided`: the level or hard rule that decided, where one did.
    """

    class_run: str
    rank: int
    code: str
    own: Claim
    applied: int
    places: int
    admitted: int
    confirmed: int
    last: Claim | None
    worse: int
    position: int | None
    waiting: int
    decided: str


@dataclass(frozen=True, slots=True)
class Free:
    """A class run that fits the child's grade and has this many places free on all of the child's weekdays."""

    class_run: str
    site: str
    term: int
    places: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a child has what it has. `code` is one of `CHILD_CODES`; `free` is told where a child has no place."""

    child: str
    code: str
    tier: int
    number: int
    held: tuple[Place, ...]
    unmet: tuple[Unmet, ...]
    free: tuple[Free, ...]


def reasons(problem: Problem, placed: Placed) -> Iterator[Reason]:
    """The reason of every child, by id."""
    index = Reasons(problem, placed)
    for child in problem.children:
        yield index.of(child.id)


@dataclass(frozen=True)
class Reasons:
    """The reasons of one result: what all children share is counted once."""

    problem: Problem
    placed: Placed

    def of(self, name: str) -> Reason:
        """One child's reason."""
        child, held = self.problem.child[name], self._state.hand(name)
        unmet = tuple(self._unmet(child, held))
        free = () if held else self._free(child)
        return Reason(name, self._code(child, held), child.tier, self.problem.lottery[name], held, unmet, free)

    def _code(self, child: Child, held: tuple[Place, ...]) -> str:
        if not held:
            return NO_PLACE if self.problem.options[child.id] else NO_USABLE_WISH
        if held[0].class_run in child.keep:
            return KEPT
        return FIRST_WISH if held[0].rank == 1 else LESSER_WISH

    @cached_property
    def _state(self) -> State:
        return State(self.problem, self.placed.placement)

    @cached_property
    def _applied(self) -> Counter[str]:
        return Counter(option.class_run for options in self.problem.options.values() for option in options)

    @cached_property
    def _claims(self) -> dict[str, list[tuple[Claim, str]]]:
        """Claims admitted in this round by class run, the best first, each with its child."""
        found: dict[str, list[tuple[Claim, str]]] = {}
        for place in self.placed.placement.places:
            child = self.problem.child[place.child]
            if place.class_run not in child.keep:
                found.setdefault(place.class_run, []).append((self._claim(child, place.rank), child.id))
        return {run: sorted(claims) for run, claims in found.items()}

    @cached_property
    def _position(self) -> dict[tuple[str, str], int]:
        lists = self.placed.waitlists.items()
        return {(run, child): i for run, ids in lists for i, child in enumerate(ids, start=1)}

    @cached_property
    def _free_for(self) -> dict[tuple[int, tuple[int, ...]], tuple[Free, ...]]:
        return {}

    def _claim(self, child: Child, rank: int) -> Claim:
        return Claim(child.tier, rank, self.problem.lottery[child.id])

    def _unmet(self, child: Child, held: tuple[Place, ...]) -> Iterator[Unmet]:
        """Better wishes of a child with a place, further ones where it has a seat left, all of one without a place."""
        for rank, name in enumerate(child.choices, start=1):
            if not self.problem.class_run[name].fits(child.grade):
                if name not in child.keep and (not held or rank < held[0].rank):
                    yield self._wish(child, name, rank, WRONG_GRADE, Verdict(RULE, "grade"))
            elif waits(self.problem, child, list(held), name, rank):
                yield self._wish(child, name, rank, *self._why(child, name, rank))

    def _wish(self, child: Child, name: str, rank: int, code: str, verdict: Verdict) -> Unmet:
        claims, own = self._claims.get(name, []), self._claim(child, rank)
        admitted = self._state.count(name)
        return Unmet(
            class_run=name,
            rank=rank,
            code=code,
            own=own,
            applied=self._applied[name],
            places=self.problem.class_run[name].capacity,
            admitted=admitted,
            confirmed=admitted - len(claims),
            last=claims[-1][0] if claims else None,
            worse=_after(claims, own),
            position=self._position.get((name, child.id)),
            waiting=len(self.placed.waitlists.get(name, ())),
            decided=verdict.name,
        )

    def _why(self, child: Child, name: str, rank: int) -> tuple[str, Verdict]:
        """The code of a wish that fits, and what decided."""
        nothing = Verdict(NOTHING)
        if not self._state.count(name):
            return NOT_OPEN, nothing
        if self._state.free(name, child.weekdays) > 0:
            verdict = judge(self._state, child, name, None)
            return f"room_{_VERDICTS[verdict.kind]}", verdict
        claims = self._claims.get(name, [])
        if not claims:
            return CONFIRMED, nothing
        last, holder = claims[-1]
        if last < self._claim(child, rank):
            return BETTER_CLAIMS, nothing
        verdict = judge(self._state, child, name, holder)
        if verdict.kind == LEVEL and verdict.is_without:
            return NO_OTHER_PLACE, verdict
        return f"worse_{_VERDICTS[verdict.kind]}", verdict

    def _free(self, child: Child) -> tuple[Free, ...]:
        """Class runs that fit, have room, and are open or would be with one child more."""
        known = self._free_for.get((child.grade, child.weekdays))
        if known is None:
            known = tuple(self._free_runs(child))
            self._free_for[child.grade, child.weekdays] = known
        return known

    def _free_runs(self, child: Child) -> Iterator[Free]:
        for run in self.problem.classes:
            if run.fits(child.grade) and self._state.may_open(run.id, self._state.count(run.id) + 1):
                places = self._state.free(run.id, child.weekdays)
                if places > 0:
                    yield Free(run.id, run.site, run.term, places)


def _after(claims: list[tuple[Claim, str]], own: Claim) -> int:
    """How many of these, the best first, are worse."""
    count = 0
    for claim, _ in reversed(claims):
        if claim < own:
            break
        count += 1
    return count


def write_reasons(found: Iterator[Reason]) -> dict[str, object]:
    """Reasons as plain JSON values. Lottery numbers are 64 hexadecimal digits, which compare as the numbers do."""
    return {"format": "qingzai.placement-reasons/1", "children": [write_reason(reason) for reason in found]}


def write_reason(reason: Reason) -> dict[str, object]:
    """One child's reason as plain JSON values."""
    return {
        "child": reason.child,
        "code": reason.code,
        "tier": reason.tier,
        "number": hexadecimal(reason.number),
        "places": [{"class": p.class_run, "rank": p.rank} for p in reason.held],
        "unmet": [_write_unmet(wish) for wish in reason.unmet],
        "free": [{"class": f.class_run, "site": f.site, "term": f.term, "places": f.places} for f in reason.free],
    }


def read_reason(data: Mapping[str, Any]) -> Reason:
    """A reason as `write_reason` wrote it."""
    return Reason(
        data["child"],
        data["code"],
        data["tier"],
        int(data["number"], 16),
        tuple(Place(data["child"], place["class"], place["rank"]) for place in data["places"]),
        tuple(_read_unmet(wish) for wish in data["unmet"]),
        tuple(Free(free["class"], free["site"], free["term"], free["places"]) for free in data["free"]),
    )


def _read_unmet(wish: Mapping[str, Any]) -> Unmet:
    last = _read_claim(wish["last"]) if wish["last"] else None
    return Unmet(
        wish["class"], wish["rank"], wish["code"], _read_claim(wish["own"]),
        wish["applied"], wish["places"], wish["admitted"], wish["confirmed"],
        last, wish["worse_admitted"], wish["position"], wish["waiting"], wish["decided"] or "",
    )  # fmt: skip


def _read_claim(claim: Mapping[str, Any]) -> Claim:
    return Claim(claim["tier"], claim["rank"], int(claim["number"], 16))


def _write_unmet(wish: Unmet) -> dict[str, object]:
    return {
        "class": wish.class_run,
        "rank": wish.rank,
        "code": wish.code,
        "decided": wish.decided or None,
        "applied": wish.applied,
        "places": wish.places,
        "admitted": wish.admitted,
        "confirmed": wish.confirmed,
        "last": _write_claim(wish.last) if wish.last else None,
        "own": _write_claim(wish.own),
        "worse_admitted": wish.worse,
        "position": wish.position,
        "waiting": wish.waiting,
    }


def _write_claim(claim: Claim) -> dict[str, object]:
    return {"tier": claim.tier, "rank": claim.rank, "number": hexadecimal(claim.number)}


def hexadecimal(number: int) -> str:
    """A lottery number as it is published."""
    return f"{number:064x}"
