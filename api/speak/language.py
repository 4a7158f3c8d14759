"""Which language to speak, and how a sentence is filled with facts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, cast

Language = Literal["zh", "en"]
Pair = tuple[str, str]
"""One sentence, in Chinese and in English."""

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def from_environment(environment: Mapping[str, str] = os.environ) -> Language:
    """The language of the command line: QINGZAI_LANG, else Chinese where the system's locale is, else English."""
    wanted = environment.get("QINGZAI_LANG", "").strip().lower()
    if wanted[:2] in LANGUAGES:
        return cast(Language, wanted[:2])
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def command(environment: Mapping[str, str] = os.environ) -> str:
    """How to call this program, as its sentences say it: run.py sets QINGZAI_COMMAND to what was typed."""
    return environment.get("QINGZAI_COMMAND") or "qingzai"


def say(chinese: str, english: str) -> str:
    """A text of the help, in the language of the environment when the program starts."""
    return pick((chinese, english), from_environment())


def pick(pair: Pair, language: Language) -> str:
    """The half of a pair that is in this language."""
    return pair[0] if language == "zh" else pair[1]


class _Facts(dict[str, str]):
    """Facts as text; one that nobody gave shows as a question mark instead of failing."""

    def __missing__(self, name: str) -> str:
        return "?"


def fill(sentence: str, facts: Mapping[str, object], language: Language) -> str:
    """The sentence with its facts in place; `{command}` is this program."""
    told = {"command": command(), **{name: shown(value, language) for name, value in facts.items()}}
    return sentence.format_map(_Facts(told))


def shown(value: object, language: Language) -> str:
    """A fact as people read it: lists with commas, whole numbers without a point."""
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return ("、" if language == "zh" else ", ").join(shown(item, language) for item in items)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if value is None:
        return "—"
    return str(value)


def unknown_code(code: str, facts: Mapping[str, object], language: Language) -> str:
    """What is said of a code that no table holds: the code and its facts, never nothing."""
    listed = ", ".join(f"{name}={shown(value, language)}" for name, value in facts.items())
    return f"{code} ({listed})" if listed else code
