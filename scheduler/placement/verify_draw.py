"""Verifies the certificate of a draw:   python3 verify_draw.py CERTIFICATE [PUBLISHED-COMMITMENT]

One file that needs nothing but Python's standard library, to be copied and read by anybody; it shares no code with
the solver. It stands beside the solver so that it is shipped with it, and `qingzai draw verify` runs this very file.
Exit 0: all is as stated; 1: something is not (one line each: a code, then the facts as JSON); 2: no certificate.

It proves: the commitment belongs to the frozen list; the seed follows from what was revealed; lottery order, places,
level values and waitlists follow the rules; and no child could have a better wish by taking a free place, or the
place of one other child who gets the place that is given up, or none, so that the published order of levels and then
the draw would prefer it. It does not prove: that the commitment was published in time and the event came out like that
(compare both with what was published; the second argument does it for the commitment); that applications are true;
the bounds of levels; that no chain of three children or more is better. For that stand the levels that are proven.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CERTIFICATE = "qingzai.draw-certificate/1"
LOTTERY = "SHA-256 of seed + '/' + child, smallest first"
SEED_RULES = {"event": "the event's value", "secret": "SHA-256 of secret + '/' + commitment, in hexadecimal"}
INDEPENDENT, PREFER, REQUIRE = FAMILIES = ("independent", "prefer-together", "together-or-none")
SERVED_FIRST, TIER_FIRST = ORDERS = ("served-first", "tier-first")
LAST = 1 << 40
"""Sorts after every rank and every level."""

Fault = tuple[str, dict[str, Any]]


class NotACertificate(Exception):
    """The file has not the form of a certificate: where, and a code."""

    def __init__(self, place: str, code: str = "not_a_certificate") -> None:
        super().__init__(f"{place}: {code}")
        self.place, self.code = place, code


def sha256(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def digest(value: object) -> str:
    """SHA-256 of a JSON value: keys sorted, no spaces, characters as they are, UTF-8."""
    return sha256(json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def fingerprint(certificate: dict[str, Any]) -> str:
    """The digest of everything in a certificate but its fingerprint."""
    return digest({key: value for key, value in certificate.items() if key != "fingerprint"})


def seed_from(kind: str, commitment: str, revealed: str) -> str:
    """The seed, by the written rule of its source."""
    return revealed if kind == "event" else sha256(f"{revealed}/{commitment}")


def need(data: Any, key: Any, kind: type, place: str) -> Any:
    """A value of exactly this type (true is no number) at a place."""
    try:
        found = data[key]
    except (KeyError, IndexError, TypeError):
        raise NotACertificate(f"{place}.{key}") from None
    if type(found) is not kind:
        raise NotACertificate(f"{place}.{key}")
    return found


def need_list(data: Any, key: str, kind: type, place: str) -> list[Any]:
    """A list of values of one type."""
    found = need(data, key, list, place)
    for i in range(len(found)):
        need(found, i, kind, f"{place}.{key}")
    return list(found)


@dataclass(frozen=True)
class Run:
    """A class run as frozen."""

    id: str
    site: str
    term: int
    low: int
    high: int
    capacity: int
    least: int


@dataclass(frozen=True)
class Child:
    """An application as frozen; `rank` of each wish, 1 for the best."""

    id: str
    grade: int
    tier: int
    rank: dict[str, int]
    seats: int
    days: frozenset[int]
    family: str | None
    keep: frozenset[str]


def read_run(data: Any, place: str) -> Run:
    """One row of the class runs."""
    grades = need_list(data, "grades", int, place)
    if len(grades) != 2:
        raise NotACertificate(f"{place}.grades")
    term, capacity, least = (need(data, key, int, place) for key in ("term", "capacity", "min_to_open"))
    name, site = need(data, "id", str, place), need(data, "site", str, place)
    return Run(name, site, term, grades[0], grades[1], capacity, least)


def read_child(data: Any, place: str, runs: dict[str, Run]) -> Child:
    """One application."""
    choices = need_list(data, "choices", str, place)
    keep = [] if need_any(data, "keep", place) is None else need_list(data, "keep", str, place)
    if len(set(choices)) < len(choices) or not runs.keys() >= {*choices, *keep}:
        raise NotACertificate(f"{place}.choices")
    family = None if need_any(data, "family", place) is None else need(data, "family", str, place)
    name, days = need(data, "id", str, place), frozenset(need_list(data, "weekdays", int, place))
    grade, tier, seats = (need(data, key, int, place) for key in ("grade", "tier", "seats"))
    return Child(name, grade, tier, {c: i + 1 for i, c in enumerate(choices)}, seats, days, family, frozenset(keep))


def need_any(data: Any, key: str, place: str) -> Any:
    """A value that may be null, but must be there."""
    if type(data) is not dict or key not in data:
        raise NotACertificate(f"{place}.{key}")
    return data[key]


class Draw:
    """A certificate, read."""

    def __init__(self, data: Any) -> None:
        if type(data) is not dict or data.get("format") != CERTIFICATE:
            raise NotACertificate("format")
        self.data, frozen = data, need(data, "frozen", dict, "")
        rules = need(frozen, "rules", dict, "frozen")
        self.order, self.families = (need(rules, key, str, "frozen.rules") for key in ("order", "families"))
        if self.order not in ORDERS or self.families not in FAMILIES:
            raise NotACertificate("frozen.rules")
        classes, children = (need_list(frozen, key, dict, "frozen") for key in ("classes", "children"))
        self.runs = {r.id: r for r in (read_run(c, f"frozen.classes[{i}]") for i, c in enumerate(classes))}
        rows = (read_child(c, f"frozen.children[{i}]", self.runs) for i, c in enumerate(children))
        self.children = {c.id: c for c in rows}
        if len(self.runs) < len(classes) or len(self.children) < len(children):
            raise NotACertificate("frozen", "duplicate_id")
        self.seed: str = need(data, "seed", str, "")
        begun = f"{self.seed}/"
        self.number = {name: sha256(begun + name) for name in self.children}
        self.kept_runs = {name for c in self.children.values() for name in c.keep}
        self.kin: dict[str, list[Child]] = {}
        for c in self.children.values():
            if c.family is not None:
                self.kin.setdefault(c.family, []).append(c)
        self._read_places(need(data, "result", dict, ""))

    def _read_places(self, result: Any) -> None:
        self.result, self.stated_ranks = result, []
        self.held: dict[str, list[str]] = {name: [] for name in self.children}
        self.inside: dict[str, list[Child]] = {name: [] for name in self.runs}
        for i, row in enumerate(need_list(result, "places", dict, "result")):
            place = f"result.places[{i}]"
            child, run = need(row, "child", str, place), need(row, "class", str, place)
            if child not in self.children or run not in self.runs or run in self.held[child]:
                raise NotACertificate(place)
            self.stated_ranks.append((child, run, need(row, "rank", int, place)))
            self.held[child].append(run)
            self.inside[run].append(self.children[child])
        for name, runs in self.held.items():
            runs.sort(key=lambda run, c=self.children[name]: (c.rank.get(run, 0), run))  # type: ignore[misc]
        self.load = Counter((run, day) for run, inside in self.inside.items() for c in inside for day in c.days)

    def fits(self, child: Child, run: str) -> bool:
        """Whether the grade is the class's."""
        return self.runs[run].low <= child.grade <= self.runs[run].high

    def ranks(self, child: Child, held: list[str]) -> tuple[int, ...]:
        """The ranks of places, first place first."""
        return tuple(sorted(child.rank.get(run, 0) for run in held))

    def together(self, family: str, held: dict[str, list[str]]) -> bool:
        """Whether all children of a family of two and more have their first places at one site in one term."""
        kin = self.kin[family]
        if len(kin) < 2 or not all(held[c.id] for c in kin):
            return False
        firsts = {min(held[c.id], key=lambda run, c=c: (c.rank.get(run, 0), run)) for c in kin}  # type: ignore[misc]
        return len({(self.runs[run].site, self.runs[run].term) for run in firsts}) == 1

    def family_breaks(self, family: str, held: dict[str, list[str]]) -> bool:
        """Whether a family of two and more breaks `together-or-none`."""
        kin = self.kin[family]
        return len(kin) > 1 and any(held[c.id] for c in kin) and not self.together(family, held)


def seals(draw: Draw) -> Iterator[Fault]:
    """Commitment, seed, lottery order and fingerprint are what follows from the rest."""
    data, frozen = draw.data, draw.data["frozen"]
    source, rules = need(frozen, "source", dict, "frozen"), frozen["rules"]
    kind = need(source, "kind", str, "frozen.source")
    if kind not in SEED_RULES:
        raise NotACertificate("frozen.source.kind")
    commitment, revealed = digest(frozen), need(data, "revealed", str, "")
    order = sorted(draw.children.values(), key=lambda c: (c.tier, draw.number[c.id]))
    pairs = [
        ("lottery_rule", rules.get("lottery"), LOTTERY),
        ("seed_rule", rules.get("seed"), SEED_RULES[kind]),
        ("commitment", data.get("commitment"), commitment),
        ("seed", draw.seed, seed_from(kind, commitment, revealed)),
        ("fingerprint", data.get("fingerprint"), fingerprint(data)),
    ]
    if kind == "secret":
        pairs.append(("secret", need(source, "hash", str, "frozen.source"), sha256(revealed)))
    elif not need(source, "event", str, "frozen.source"):
        raise NotACertificate("frozen.source.event")
    for name, stated, true in pairs:
        if stated != true:
            yield name, {"stated": stated, "true": true}
    if data.get("draw_order") != [c.id for c in order]:
        yield "draw_order", {}


def rules_of_places(draw: Draw) -> Iterator[Fault]:
    """What each single place must keep."""
    for name, run, stated in draw.stated_ranks:
        child, facts = draw.children[name], {"child": name, "class": run}
        if run not in child.rank and run not in child.keep:
            yield "not_wished", facts
        elif stated != child.rank.get(run, 0):
            yield "rank", {**facts, "rank": stated, "true": child.rank.get(run, 0)}
        if not draw.fits(child, run):
            yield "grade", {**facts, "grade": child.grade, "grades": [draw.runs[run].low, draw.runs[run].high]}


def rules_of_runs(draw: Draw) -> Iterator[Fault]:
    """Capacity on every weekday, and enough children to open."""
    for (run, day), n in sorted(draw.load.items()):
        if n > draw.runs[run].capacity:
            yield "capacity", {"class": run, "weekday": day, "children": n, "capacity": draw.runs[run].capacity}
    for run, inside in draw.inside.items():
        if 0 < len(inside) < draw.runs[run].least and run not in draw.kept_runs:
            yield "minimum", {"class": run, "children": len(inside), "least": draw.runs[run].least}


def rules_of_children(draw: Draw) -> Iterator[Fault]:
    """Terms, seats, what is kept, and families that must be together."""
    for child in draw.children.values():
        held = draw.held[child.id]
        for term, n in Counter(draw.runs[run].term for run in held).items():
            if n > 1:
                yield "terms", {"child": child.id, "term": term, "places": n}
        if len(held) > child.seats:
            yield "seats", {"child": child.id, "places": len(held), "seats": child.seats}
        for run in sorted(child.keep.difference(held)):
            yield "keep", {"child": child.id, "class": run}
    if draw.families == REQUIRE:
        for family, kin in draw.kin.items():
            if draw.family_breaks(family, draw.held):
                yield "families", {"family": family, "children": [c.id for c in kin]}


Key = tuple[int, int, int]
"""A level: seat, tier, rank (0: any). It counts children with that many places whose seat-th place is of that rank."""


def level_keys(draw: Draw) -> list[Key]:
    """All levels but the families', the first to be maximised first."""
    by_seat: dict[int, dict[int, set[int]]] = {}
    for c in draw.children.values():
        able = [run for run in {*c.rank, *c.keep} if run in c.keep or draw.fits(c, run)]
        seats, ranks = min(c.seats, len({draw.runs[run].term for run in able})), {c.rank.get(r, 0) for r in able}
        for seat in range(1, seats + 1):
            by_seat.setdefault(seat, {}).setdefault(c.tier, set()).update(ranks)
    found: list[Key] = []
    for seat, tiers in sorted(by_seat.items()):
        counts = [(seat, tier, 0) for tier in sorted(tiers)]
        ranks_of = {
            t: [(seat, t, rank) for rank in range(1 if 0 in ranks else seat, max(ranks) + 1)]
            for t, ranks in tiers.items()
        }
        if seat == 1 and draw.order == TIER_FIRST:
            found += [key for count in counts for key in (count, *ranks_of[count[1]])]
        else:
            found += [*counts, *(key for count in counts for key in ranks_of[count[1]])]
    return found


def level_name(key: Key) -> str:
    """Such as `placed.0`, `rank.0.1`, `places2.0`, `rank2.0.3`."""
    seat, tier, rank = key
    number = "" if seat == 1 else str(seat)
    if rank:
        return f"rank{number}.{tier}.{rank}"
    return f"placed.{tier}" if seat == 1 else f"places{number}.{tier}"


def levels(draw: Draw) -> Iterator[Fault]:
    """Names and values of all levels, and that nothing is called proven that is not."""
    counts: Counter[Key] = Counter()
    for child in draw.children.values():
        for seat, rank in enumerate(draw.ranks(child, draw.held[child.id]), start=1):
            counts[seat, child.tier, 0] += 1
            counts[seat, child.tier, rank] += rank > 0
    true = [(level_name(key), counts[key]) for key in level_keys(draw)]
    if draw.families == PREFER:
        true.append(("families", sum(draw.together(family, draw.held) for family in draw.kin)))
    stated = [
        (need(x, "name", str, "result.levels"), need(x, "value", int, "result.levels"), need(x, "bound", int, "result"))
        for x in need_list(draw.result, "levels", dict, "result")
    ]
    if [name for name, _, _ in stated] != [name for name, _ in true]:
        yield "level_names", {}
        return
    for i, (name, value, bound) in enumerate(stated):
        if value != true[i][1]:
            yield "level", {"level": name, "stated": value, "true": true[i][1]}
        if bound < value:
            yield "bound", {"level": name, "value": value, "bound": bound}
    is_proven = all(bound == value for _, value, bound in stated)
    status, proof = (need(draw.result, key, str, "result") for key in ("status", "draw"))
    if status != ("optimal" if is_proven else "feasible"):
        yield "stated", {"field": "status", "stated": status, "true": "optimal" if is_proven else "feasible"}
    if proof not in ("proven", "feasible") or (proof == "proven" and not is_proven):
        yield "stated", {"field": "draw", "stated": proof, "true": "feasible"}


def waitlists(draw: Draw) -> Iterator[Fault]:
    """Every open class run has its waitlist, in order; no other has one."""
    true: dict[str, list[tuple[bool, int, int, str, str]]] = {run: [] for run, kids in draw.inside.items() if kids}
    for child in draw.children.values():
        held = draw.held[child.id]
        for run, rank in child.rank.items():
            if run in true and run not in held and draw.fits(child, run) and _waits(draw, child, run):
                true[run].append((bool(held), child.tier, rank, draw.number[child.id], child.id))
    stated = need(draw.result, "waitlists", dict, "result")
    for run in sorted(true.keys() ^ stated.keys()):
        yield ("waitlist_missing" if run in true else "waitlist_of_closed"), {"class": run}
    for run in sorted(true.keys() & stated.keys()):
        names, said = [key[-1] for key in sorted(true[run])], need_list(stated, run, str, "result.waitlists")
        if names != said:
            at = next((i for i, name in enumerate(names) if said[i : i + 1] != [name]), len(names))
            facts = {"class": run, "position": at + 1, "stated": said[at : at + 1], "true": names[at : at + 1]}
            yield "waitlist", facts


def given_up(draw: Draw, child: Child, run: str) -> list[str | None]:
    """What a child could give up for a place: the one of that term; else nothing with a seat left; else any."""
    held = draw.held[child.id]
    same = [h for h in held if draw.runs[h].term == draw.runs[run].term]
    if same:
        return list(same)
    return [None] if len(held) < child.seats else list(held)


def _waits(draw: Draw, child: Child, run: str) -> bool:
    back = given_up(draw, child, run)[-1] if draw.held[child.id] else None
    return back is None or child.rank[run] < child.rank.get(back, 0)


@dataclass(frozen=True)
class Exchange:
    """`child` takes `run` and gives up `back`; `other`, if anybody, leaves `run` and takes `then`, if anything."""

    child: Child
    run: str
    back: str | None
    other: Child | None = None
    then: str | None = None


Change = tuple[int, tuple[int, ...], tuple[int, ...]]
"""All that the levels see of a child in an exchange: tier, ranks before, ranks after."""
NOBODY: Change = (0, (), ())


class Exchanges:
    """Looks for one-for-one exchanges that the published order would prefer."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.level = {key: i for i, key in enumerate(level_keys(draw))}
        self.ranks = {c.id: draw.ranks(c, draw.held[c.id]) for c in draw.children.values()}
        self.gain = cache(self._gain)  # few pairs of children differ in what levels see of them
        self.leavers = {
            run: [self._leaver(c, run) for c in kids if run not in c.keep] for run, kids in draw.inside.items()
        }

    def _leaver(self, child: Child, run: str) -> tuple[Child, Change]:
        ranks = self.draw.ranks(child, [r for r in self.draw.held[child.id] if r != run])
        return child, (child.tier, self.ranks[child.id], ranks)

    def all(self) -> Iterator[Fault]:
        """One fault for each child and wish that an exchange would meet."""
        for child in self.draw.children.values():
            for run in child.rank:
                if run in self.draw.held[child.id] or not self.draw.fits(child, run):
                    continue
                found = next((x for x in self._tries(child, run) if self._prefers(x) and self._is_allowed(x)), None)
                if found:
                    yield self._fault(found)

    def _tries(self, child: Child, run: str) -> Iterator[Exchange]:
        """Every exchange by which no level is lost."""
        draw = self.draw
        for back in given_up(draw, child, run):
            if back in child.keep:
                continue
            held = [*(r for r in draw.held[child.id] if r != back), run]
            own = (child.tier, self.ranks[child.id], draw.ranks(child, held))
            if self.gain(own, NOBODY) >= 0:
                yield Exchange(child, run, back)
            for other, change in self.leavers[run]:
                if self.gain(own, change) >= 0:
                    yield Exchange(child, run, back, other)
                if back in other.rank and back not in draw.held[other.id] and draw.fits(other, back):
                    better = tuple(sorted((*change[2], other.rank[back])))
                    if self.gain(own, (*change[:2], better)) >= 0:
                        yield Exchange(child, run, back, other, back)

    def _gain(self, one: Change, two: Change) -> int:
        """1 where the first level that differs gets more children by two changes, -1 where it loses some, else 0."""
        before = sorted(i for tier, ranks, _ in (one, two) for i in self._counts_in(tier, ranks))
        after = sorted(i for tier, _, ranks in (one, two) for i in self._counts_in(tier, ranks))
        return 0 if before == after else 1 if [*after, LAST] < [*before, LAST] else -1

    def _counts_in(self, tier: int, ranks: tuple[int, ...]) -> Iterator[int]:
        for seat, rank in enumerate(ranks, start=1):
            yield from (self.level.get((seat, tier, r), LAST - 1) for r in {0, rank})

    def _fault(self, x: Exchange) -> Fault:
        facts: dict[str, Any] = {"child": x.child.id, "class": x.run, "own": self._claim(x.child, x.run)}
        if x.other is None:
            return "free_place", facts
        return "exchange", {**facts, "other": x.other.id, "others": self._claim(x.other, x.run)}

    def _claim(self, child: Child, run: str) -> list[Any]:
        return [child.tier, child.rank.get(run, 0), self.draw.number[child.id]]

    def _after(self, x: Exchange) -> dict[str, list[str]]:
        held = self.draw.held
        new = {x.child.id: [*(r for r in held[x.child.id] if r != x.back), x.run]}
        if x.other:
            new[x.other.id] = [*(r for r in held[x.other.id] if r != x.run), *([x.then] if x.then else [])]
        return new

    def _prefers(self, x: Exchange) -> bool:
        """Whether the levels in their order, then families, then the draw are better after it."""
        draw, ranks = self.draw, self.ranks
        pair = [x.child, x.other] if x.other else [x.child]
        new = self._after(x)
        after = {c.id: draw.ranks(c, new[c.id]) for c in pair}
        changes = [(c.tier, ranks[c.id], after[c.id]) for c in pair]
        gain = self.gain(changes[0], changes[1] if x.other else NOBODY)
        if gain:
            return gain > 0
        if draw.families == PREFER:
            whole = {**draw.held, **new} if any(c.family for c in pair) else draw.held
            kin = {c.family for c in pair if c.family}
            change = sum(draw.together(f, whole) - draw.together(f, draw.held) for f in kin)
            if change:
                return change > 0
        first = min((c for c in pair if after[c.id] != ranks[c.id]), key=lambda c: (c.tier, draw.number[c.id]))
        return (*after[first.id], LAST) < (*ranks[first.id], LAST)

    def _is_allowed(self, x: Exchange) -> bool:
        """Whether every hard rule still holds."""
        draw, new = self.draw, self._after(x)
        for c in (x.child, x.other):
            terms = [draw.runs[r].term for r in new[c.id]] if c else []
            if c and (len(set(terms)) < len(terms) or len(terms) > c.seats):
                return False
        leaves = x.other.days if x.other else frozenset()
        if any(draw.load[x.run, d] - (d in leaves) >= draw.runs[x.run].capacity for d in x.child.days):
            return False
        if x.then and any(draw.load[x.then, d] - (d in x.child.days) >= draw.runs[x.then].capacity for d in leaves):
            return False
        sizes = [(x.run, len(draw.inside[x.run]) + (x.other is None))]
        if x.back and not x.then:
            sizes.append((x.back, len(draw.inside[x.back]) - 1))
        if any(0 < n < draw.runs[run].least and run not in draw.kept_runs for run, n in sizes):
            return False
        if draw.families == REQUIRE:
            whole, kin = {**draw.held, **new}, {c.family for c in (x.child, x.other) if c and c.family}
            return not any(draw.family_breaks(f, whole) for f in kin)
        return True


def verify(data: Any, published: str | None = None) -> list[Fault]:
    """Everything in a certificate that is not so. Raises NotACertificate where the file has not its form."""
    draw = Draw(data)
    found = [
        *seals(draw),
        *rules_of_places(draw),
        *rules_of_runs(draw),
        *rules_of_children(draw),
        *levels(draw),
        *waitlists(draw),
    ]
    if published is not None and published.strip().lower() != data.get("commitment"):
        found.append(("published", {"stated": data.get("commitment"), "true": published.strip().lower()}))
    return found or list(Exchanges(draw).all())  # with a broken rule, what could be exchanged says nothing


def main(arguments: list[str]) -> int:
    """The command line of this file."""
    if not 1 <= len(arguments) <= 2:
        print("python3 verify_draw.py CERTIFICATE [PUBLISHED-COMMITMENT]", file=sys.stderr)
        return 2
    try:
        data = json.loads(Path(arguments[0]).read_text(encoding="utf-8-sig"))
        found = verify(data, arguments[1] if arguments[1:] else None)
    except (OSError, ValueError, RecursionError, NotACertificate) as error:
        print(f"error {error}", file=sys.stderr)
        return 2
    for code, facts in found:
        print(code, json.dumps(facts, ensure_ascii=False))
    print(f"{len(found)} faults" if found else f"ok {data['commitment']}")
    for level in [x for x in data["result"]["levels"] if x["bound"] > x["value"]]:
        print("feasible, not proven", json.dumps(level, ensure_ascii=False))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
