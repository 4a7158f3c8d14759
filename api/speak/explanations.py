"""Sentences of explanations: what is open and why, what would fill it, why this person, why not that one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.speak import weeks
from api.speak.explanation_texts import CHANGES, EXCLUSIONS, PARTS, PLACES, RULES, SAID, WANTS
from api.speak.language import Pair, fill, pick, unknown_code
from api.speak.names import Names
from scheduler.result import Cost
from scheduler.roster.explain.answers import (
    Candidacy,
    Change,
    Entry,
    Exclusion,
    Fallback,
    Held,
    Indoors,
    Instead,
    Part,
    Person,
    Place,
    Swap,
    Want,
)
from scheduler.roster.explain.judge import entries, who
from scheduler.roster.problem import Duty


def place(found: Place, names: Names) -> str:
    """A place and what it has."""
    facts: dict[str, object] = {**found.facts, "class": names.class_run(found.class_run)}
    if found.segment is not None:
        said = [_fill(PLACES["people"], names, **facts, segment=names.segment(found.segment))]
        return _comma(names).join(said + [pick(PLACES["no_lead"], names.language)] * (not found.facts["has_lead"]))
    if found.slot is not None:
        code = "lesson_open" if found.facts["is_open"] else "lesson"
        facts["course"] = names.course(found.facts["course"]) if found.facts["course"] else ""
        return _fill(PLACES[code], names, **facts, slot=names.slot(found.slot))
    return _fill(PLACES["domain"], names, **facts, domain=weeks.word("domain", found.domain or "", names.language))


def want(found: Want, where: Place, names: Names) -> str:
    """What is missing."""
    code = f"{found.kind}_1" if found.missing == 1 and f"{found.kind}_1" in WANTS else found.kind
    domain = weeks.word("domain", where.domain or "", names.language)
    return _fill(WANTS[code], names, missing=found.missing, domain=domain)


def counts(first: Mapping[str, int], names: Names, code: str = "count", of: str = "") -> list[str]:
    """How many each rule excludes, the most first; `of` what is wanted."""
    ordered = sorted(first.items(), key=lambda item: -item[1])
    return [_fill(SAID[code], names, rule=rule(name, names, of), n=n) for name, n in ordered]


def rule(name: str, names: Names, of: str = "") -> str:
    """A rule in few words, as it is said of a duty or of a lesson."""
    pair = RULES.get(f"{name}_{'duty' if of in ('lead', 'adult') else 'lesson'}" if of else name) or RULES.get(name)
    return pick(pair, names.language) if pair else name


def looked_at(found: Want, names: Names) -> str:
    """The line above the counts."""
    return _fill(SAID["looked_at"], names, volunteers=found.volunteers)


def here(found: Want, names: Names) -> list[str]:
    """Those who are there anyway, if there are any."""
    return [_fill(SAID["here"], names, n=found.here)] * (found.here > 0)


def verdict(found: Want, names: Names) -> str:
    """Whether somebody is simply free, or else what would have to give way."""
    if found.free:
        return _fill(SAID["free"], names, n=len(found.free))
    if found.changes and found.changes[0].kind == "move":
        return pick(SAID["movable"], names.language)
    if found.changes and not any(p.facts.get("volunteer", "") != "" for p in found.changes[0].parts):
        return pick(SAID["nobody_fits"], names.language)
    if not found.core:
        return pick(SAID["no_core"], names.language)
    return _fill(SAID["core"], names, rules=_comma(names).join(rule(name, names, found.kind) for name in found.core))


def exclusions(found: Sequence[Exclusion], names: Names) -> str:
    """Everything that excludes somebody from one entry, with figures."""
    return ("；" if names.language == "zh" else "; ").join(exclusion(e, names) for e in found)


def exclusion(found: Exclusion, names: Names) -> str:
    """One rule that excludes, with its figures."""
    pair = EXCLUSIONS.get(_variant(found)) or EXCLUSIONS.get(found.rule)
    if pair is None:
        return unknown_code(found.rule, found.facts, names.language)
    facts: dict[str, object] = {**found.facts, "against": _against(found, names)}
    if "segment" in facts:
        facts["segment"] = names.segment(facts["segment"])
    facts["course"] = (
        names.course(facts["course"]) if facts.get("course") else pick(("这门课", "this course"), names.language)
    )
    if isinstance(facts.get("course_grades"), (tuple, list)):
        facts["course_grades"] = "–".join(map(str, _items(facts["course_grades"])))
    return _fill(pair, names, **facts)


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, (tuple, list)) else []


def _variant(found: Exclusion) -> str:
    """Which sentence of a rule that excludes in several ways."""
    facts = found.facts
    if found.rule == "lesson":
        return f"lesson_{facts['per']}" if "per" in facts else "lesson_grades" if "grades" in facts else "lesson"
    marks = {"adulthood": facts.get("as"), "room": facts.get("fault"), "roles": facts.get("role", "course")}
    return f"{found.rule}_{marks[found.rule]}" if found.rule in marks else found.rule


def _against(found: Exclusion, names: Names) -> str:
    return ("；" if names.language == "zh" else "; ").join(names.entry(e) for e in found.against)


def change(found: Change, names: Names) -> str:
    """A change in one sentence."""
    if found.parts:
        said = ("，并且" if names.language == "zh" else " and ").join(part(p, names) for p in found.parts)
        return said[:1].upper() + said[1:]
    if found.moved:
        return pick(CHANGES["move"], names.language)
    people = sorted({who(e) for e in entries(found.added)})
    return _fill(CHANGES["assign"], names, person=_comma(names).join(map(names.person, people)))


def part(found: Part, names: Names) -> str:
    """One thing that would have to be different."""
    facts = dict(found.facts)
    facts["person"] = names.person(facts.get("volunteer"))
    facts["kind"] = facts.get("room_kind", "")
    if "role" in facts:
        facts["role"] = weeks.word("role", str(facts["role"]), names.language)
    for name, told in (
        ("segment", names.segment),
        ("slot", names.slot),
        ("site", names.site),
        ("course", names.course),
    ):
        if facts.get(name):
            facts[name] = told(facts[name])
    return _fill(PARTS[found.kind], names, **facts)


def steps(found: Change, names: Names) -> list[str]:
    """Who then does what, and what they leave for it."""
    lines = []
    for d in sorted(found.added.duties, key=repr):
        lines.append(_fill(CHANGES["goes"], names, person=names.person(d.volunteer), entry=names.entry(d)))
    for x in sorted(found.added.lessons, key=repr):
        lines.append(_fill(CHANGES["goes"], names, person=names.person(x.instructor), entry=names.entry(x)))
    gone: list[Entry] = [*sorted(found.removed.duties, key=repr), *sorted(found.removed.lessons, key=repr)]
    for e in gone:
        lines.append(_fill(CHANGES["leaves"], names, person=names.person(who(e)), entry=names.entry(e)))
    return lines


def saved(found: Change, names: Names) -> str:
    """What a change does to the cost."""
    return difference(Cost(*(b - a for a, b in zip(found.before, found.after, strict=True))), names)


def difference(cost: Cost, names: Names) -> str:
    """A difference of costs, level by level."""
    said = []
    for name, n in cost._asdict().items():
        if n:
            level = pick(SAID[f"{name}_1" if abs(n) == 1 else name], names.language)
            said.append(_fill(SAID["more" if n > 0 else "fewer"], names, level=level, n=abs(n)))
    return _comma(names).join(said) if said else pick(SAID["same"], names.language)


def held(found: Held, names: Names) -> list[str]:
    """What the roster would be without somebody, then the next best."""
    lines = [
        _fill(SAID["without"], names, person=names.person(who(found.entry)), cost=difference(found.without, names))
    ]
    lines += [instead(way, names) for way in found.instead]
    if found.is_pinned:
        return [*lines, pick(SAID["pinned"], names.language)]
    return lines if found.instead else [*lines, pick(SAID["nobody_else"], names.language)]


def instead(found: Instead, names: Names) -> str:
    """Somebody else in a place."""
    code, entry = "instead_moving" if found.others else "instead", _what(found.entry, names)
    cost = difference(found.cost, names)
    return _fill(SAID[code], names, person=names.person(who(found.entry)), entry=entry, n=len(found.others), cost=cost)


def _what(entry: object, names: Names) -> str:
    """What is done, where the place is known."""
    if isinstance(entry, Duty):
        return weeks.word("role", entry.role, names.language)
    return names.course(getattr(entry, "course", ""))


def candidacy(found: Candidacy, names: Names) -> list[str]:
    """Why somebody is not there, or what it would cost."""
    what = _what(found.entry, names) if found.entry else ""
    if found.cost is not None:
        lines = [_fill(SAID["possible"], names, entry=what, cost=difference(found.cost, names))]
    else:
        code = "impossible" if found.entry else "no_way"
        lines = [_fill(SAID[code], names, entry=what, reasons=exclusions(found.exclusions, names))]
    # Where nothing helps anyway, why it does not help in each place either is noise.
    return [*lines, *(swap(s, names) for s in found.swaps if s.cost is not None or found.cost is not None)]


def swap(found: Swap, names: Names) -> str:
    """The same in the place of somebody who is there."""
    person = names.person(who(found.entry))
    if found.cost is None:
        return _fill(SAID["swap_no"], names, person=person, reasons=exclusions(found.exclusions, names))
    return _fill(SAID["swap"], names, person=person, cost=difference(found.cost, names))


def fallback(found: Fallback, names: Names) -> list[str]:
    """The indoor courses that could be given."""
    title = pick(SAID["fallback_hot" if found.is_heat_day else "fallback"], names.language)
    ways = [indoors(way, names) for way in found.lessons]
    return [title, *(ways or [pick(SAID["no_fallback"], names.language)])]


def indoors(found: Indoors, names: Names) -> str:
    """One indoor course, by whom and where."""
    lesson, comma = found.lesson, _comma(names)
    facts = {"course": names.course(lesson.course), "person": names.person(lesson.instructor)}
    room = comma + names.room(lesson.room) if lesson.room else ""
    return _fill(
        SAID["indoors"], names, **facts, room=room, interest=found.interest, cost=difference(found.cost, names)
    )


def engaged(found: Person, names: Names) -> str:
    """How much somebody does."""
    return _fill(SAID["engaged"], names, engaged=found.engaged, most=found.max_segments)


def open_for(found: Person, names: Names) -> list[str]:
    """The open places that somebody has time for, and why none of them is theirs."""
    if not found.open_places:
        return [pick(SAID["none_open"], names.language)]
    lines = [_fill(SAID["open_for"], names, n=found.open_places), *counts(found.first, names, "place_count")]
    lines += [_fill(SAID["chance"], names, place=place(p, names)) for p, _ in found.chances]
    for p, c in found.near:
        lines.append(_fill(SAID["near"], names, place=place(p, names), reasons=exclusions(c.exclusions, names)))
    return lines


def _fill(pair: Pair, names: Names, /, **facts: object) -> str:
    return fill(pick(pair, names.language), facts, names.language)


def _comma(names: Names) -> str:
    return "，" if names.language == "zh" else ", "
