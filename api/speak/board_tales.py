"""Sentences about a board: a conflict, a change that was made, where something is, a rise or fall of the cost."""

from __future__ import annotations

from collections.abc import Mapping

from api.speak import rosters, weeks
from api.speak.boards import rule_word, word
from api.speak.language import Language, Pair, fill, pick
from api.speak.names import Names
from registry.board.fill import levels
from registry.board.tables import BoardEdit
from registry.board.views import entries_of
from registry.engine.boards import Entry, Lesson, Problem, Violation, who

LEVELS = ("safety", "programme", "quality")
SAME: Pair = ("不变", "no change")
UNDONE: Pair = ("撤销第 {n} 次改动", "took back change {n}")


def names_for(problem: Problem, class_names: Mapping[str, str], language: Language) -> Names:
    """What things of a board are called."""
    return Names(problem, language, class_names)


def clash(found: Violation, names: Names) -> str:
    """What is broken, in names."""
    facts = {**rosters.subject_facts(found), **found.facts}
    return rosters.sentence(found, {key: _named(key, value, names) for key, value in facts.items()}, names.language)


def _named(key: str, value: object, names: Names) -> object:
    if not isinstance(value, str):
        return value
    problem = names.problem
    if key == "segment" and value in problem.slot:
        return names.slot(value)
    say = {
        "volunteer": names.person, "class": names.class_run, "segment": names.segment, "slot": names.slot,
        "course": names.course, "room": names.room,
    }.get(key)  # fmt: skip
    if key == "role":
        return weeks.word("role", value, names.language)
    return say(value) or value if say else value


def entry(item: Entry, names: Names) -> str:
    """Who, where and when."""
    colon = "：" if names.language == "zh" else ": "
    return f"{names.person(who(item))}{colon}{names.entry(item)}"


def place(item: Entry, names: Names) -> str:
    """Where and when, at a site that the reader knows: class and hours, of a lesson the course too."""
    own = names.class_names.get(item.class_run) or item.class_run
    gap = " · "
    if isinstance(item, Lesson):
        return gap.join((names.slot(item.slot), own, names.course(item.course)))
    return gap.join((names.segment(item.segment), own, weeks.word("role", item.role, names.language)))


def edit(made: BoardEdit, names: Names) -> str:
    """What was done."""
    return change(made.kind, made.change_json, names, undoes=made.undoes)


def change(kind: str, data: Mapping[str, object], names: Names, *, undoes: int | None = None) -> str:
    """A change in a sentence: what went and what came."""
    language = names.language
    gone, come, pins = (entries_of(names.problem, data, key) for key in ("removed", "added", "pinned"))
    verb = fill(pick(UNDONE, language), {"n": undoes}, language) if undoes else word("kind", kind, language)
    colon, stop = ("：", "；") if language == "zh" else (": ", "; ")
    if len(gone) == 1 and len(come) == 1 and who(gone[0]) == who(come[0]):
        told = f"{names.person(who(gone[0]))} {place(gone[0], names)} → {place(come[0], names)}"
    else:
        listed = [f"− {entry(e, names)}" for e in gone] + [f"+ {entry(e, names)}" for e in come]
        other = entries_of(names.problem, data, "unpinned")
        told = stop.join(listed or [entry(e, names) for e in (*pins, *other)])
    return f"{verb}{colon}{told}" if told else verb


def rise(cost: Mapping[str, int], language: Language) -> str:
    """By how much the three levels rise or fall: what does not change is left out."""
    return rises(levels(cost), language)


def rises(three: tuple[int, int, int], language: Language) -> str:
    """The same of three numbers."""
    told = [f"{weeks.word('level', name, language)} {signed(n)}" for name, n in zip(LEVELS, three, strict=True) if n]
    return " · ".join(told) or pick(SAME, language)


def signed(n: int) -> str:
    """A number with its sign, as people write it."""
    return f"+{n}" if n > 0 else f"−{-n}" if n else "0"


def verdict(outcome: str, rules: tuple[str, ...], language: Language) -> str:
    """What would come of a change, with the rules in the way."""
    said = word("outcome", outcome, language)
    if not rules:
        return said
    colon, comma = ("：", "、") if language == "zh" else (": ", ", ")
    return f"{said}{colon}{comma.join(rule_word(rule, language) for rule in rules)}"
