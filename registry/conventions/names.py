"""Names of people: one way to write each, what may stand in one, and how it is shown to others.

One field holds the whole name. Every character of GB 18030 that is a letter may stand in it, those outside the basic
plane too (李𬱖), and names of fifty characters and more are names (阿卜杜热西提·买买提).
"""

from __future__ import annotations

import re
import unicodedata

from registry.conventions.texts import half_width, visible
from registry.errors import FieldProblem, Invalid

LONGEST_NAME = 100
"""Characters of a name, after it was put in order."""

DOT = "·"
_DOTS = re.compile("[‧・･•．∙⋅᛫●]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_BESIDES_LETTERS = frozenset("·-'’. ")
_PRIVATE = {
    0xE816: "𠂇", 0xE817: "𠂉", 0xE818: "𠃌", 0xE831: "𡗗", 0xE83B: "𢦏", 0xE855: "𤇾", 0xE81E: "龴", 0xE826: "龵",
    0xE82B: "龶", 0xE82C: "龷", 0xE832: "龸", 0xE843: "龹", 0xE854: "龺", 0xE864: "龻",
}  # fmt: skip
"""Codes of the private area that GB 18030-2005 used for characters which Unicode has got since (GB 18030-2022, D)."""


def normalise_name(text: str) -> str:
    """The one way to write a name: half width, one kind of middle dot (U+00B7), nothing invisible, accents joined to
    their letters; no spaces in a Chinese name, single ones in others. Refuses nothing.
    """
    written = visible(_DOTS.sub(DOT, text)).translate(_PRIVATE)
    written = _composed(half_width(written))
    written = re.sub(rf"\s*{DOT}+\s*", DOT, written)
    if _HAN.search(written):
        return re.sub(r"\s", "", written)
    return re.sub(r"\s+", " ", written).strip()


def _composed(text: str) -> str:
    """Accents joined to their letters. Only where there are any: it would also replace some Chinese characters
    (U+F92C) by others that look the same and stand in no identity paper."""
    has_accents = any(unicodedata.category(letter) == "Mn" for letter in text)
    return unicodedata.normalize("NFC", text) if has_accents else text


def name_of(field: str, text: str) -> str:
    """A name as somebody entered it in a form, in the one way to write it.

    Raises:
        Invalid: at the field `needed`; `too_long` with limit and length; `name_malformed` where anything but letters,
            “·”, hyphens, apostrophes, points and spaces stands in it, or no letter at all. Digits, signs, pictures,
            control characters and all that means something to a web page are refused and not quietly removed: what
            is left would be nobody's name.
    """
    if len(text) > 10 * LONGEST_NAME:  # nothing of such length is worth looking at character by character
        raise Invalid(FieldProblem(field, "too_long", {"limit": LONGEST_NAME, "length": len(text)}))
    name = normalise_name(text)
    if not name:
        raise Invalid(FieldProblem(field, "needed"))
    if len(name) > LONGEST_NAME:
        raise Invalid(FieldProblem(field, "too_long", {"limit": LONGEST_NAME, "length": len(name)}))
    if not all(_may_stand(letter) for letter in name) or not any(map(str.isalpha, name)) or name[0] in "·-.":
        raise Invalid(FieldProblem(field, "name_malformed"))
    return name


def _may_stand(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LM" or letter in _BESIDES_LETTERS


def mask_name(name: str) -> str:
    """The first letter, a star and, from three letters on, the last: 李*, 张*丰, 阿*提.

    One star whatever the length, so that the length of a long name gives nobody away.
    """
    letters = name.strip()
    if len(letters) <= 1:
        return "*" * len(letters)
    return f"{letters[0]}*{letters[-1]}" if len(letters) > 2 else f"{letters[0]}*"
