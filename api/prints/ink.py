"""What the fonts can print. A character that no font has is printed as its code point and told, never as a box.

The fonts come with the package `pylopdf-fonts-zh-cn` (Noto Sans SC and Noto Serif SC, SIL Open Font License 1.1):
everything of GB 18030 that names are made of in practice, whatever fonts the machine has.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as noto
from fontTools.ttLib import TTFont

FAMILIES = ("Noto Sans SC", "Noto Serif SC")
"""In the order in which a character is looked for; `FOLDER` holds these and nothing else."""

FOLDER = Path(noto.sans_path()).parent

INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
"""Categories of characters that have no shape of their own. Private ones (Co) have: old systems put names there."""
_SPACES = re.compile(r"[\t\n\r\v\f\x85\xa0\u2000-\u200a\u2028\u2029\u3000]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Variation selectors ask for another shape of the character before them; without that shape it stays readable."""


@cache
def covered() -> frozenset[int]:
    """The code points that one of the fonts has, from their character maps."""
    found: set[int] = set()
    for path in (noto.sans_path(), noto.serif_path()):
        with TTFont(str(path), lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)


class Ink:
    """Makes texts printable and remembers what could not be printed as it is."""

    def __init__(self, coverage: Collection[int] | None = None) -> None:
        self._coverage = covered() if coverage is None else coverage
        self.missing: Counter[str] = Counter()
        self._known: dict[str, tuple[str, tuple[str, ...]]] = {}

    def legible(self, data: Any) -> Any:
        """The same JSON value with every text, also in keys of its own making, printable."""
        if isinstance(data, str):
            return self.text(data)
        if isinstance(data, Mapping):
            return {name: self.legible(value) for name, value in data.items()}
        if isinstance(data, list | tuple):
            return [self.legible(value) for value in data]
        return data

    def text(self, text: str) -> str:
        """The text in one line: unusual spaces as one space, invisible characters left out, the rest with a shape."""
        if text not in self._known:
            self._known[text] = self._inked(text)
        whole, missing = self._known[text]
        self.missing.update(missing)  # at every use, so that the report tells how often a reader meets it
        return whole

    def _inked(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The printable text, and the characters of it that are printed as their codes."""
        whole = _SELECTORS.sub("", _SPACES.sub(" ", text))
        if any(map(unicodedata.combining, whole)):
            whole = unicodedata.normalize("NFC", whole)
        seen = [c for c in whole if ord(c) in self._coverage or unicodedata.category(c) not in INVISIBLE]
        missing = tuple(c for c in seen if ord(c) not in self._coverage)
        return "".join(code(c) if ord(c) not in self._coverage else c for c in seen), missing


def code(character: str) -> str:
    """What is printed in the place of a character that no font has: 〔U+20000〕."""
    return f"〔U+{ord(character):04X}〕"
