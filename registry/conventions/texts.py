"""Text as people type it: full-width digits, invisible characters, spaces of every kind."""

from __future__ import annotations

import re
import unicodedata

from registry.errors import FieldProblem, Invalid

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
_REFUSED = {"Cc", "Cs", "Co", "Cn"}
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def half_width(text: str) -> str:
    """Letters, digits and signs of full width as those of half width; every space a plain one."""
    return text.translate(_FULL_WIDTH)


def visible(text: str) -> str:
    """Without characters that nobody sees: zero-width ones, marks of direction, selectors of variants."""
    return _INVISIBLE.sub("", text)


def is_printable(text: str) -> bool:
    """Whether a text holds nothing but what can be shown and stored: no control characters, half surrogates or
    private codes, nothing that turns the direction of what follows. Line breaks and tabs are for `note_of` to judge."""
    return not any(unicodedata.category(letter) in _REFUSED or letter in _BIDI for letter in text)


def line_of(field: str, text: str, limit: int, *, needed: bool = False) -> str:
    """One line of free text, trimmed, with runs of spaces made one.

    Raises:
        Invalid: `needed`, `too_long` with limit and length, `text_malformed`, at the field.
    """
    return _checked(field, re.sub(r"\s+", " ", visible(half_spaced(text))).strip(), limit, needed=needed)


def note_of(field: str, text: str, limit: int) -> str:
    """Free text that may have several lines, trimmed.

    Raises:
        Invalid: as `line_of`.
    """
    lines = [line.strip() for line in visible(half_spaced(text)).replace("\t", " ").splitlines()]
    _checked(field, "".join(lines), limit, needed=False)
    return _of_length(field, "\n".join(lines).strip(), limit)


def half_spaced(text: str) -> str:
    """Every space a plain one; all else stays as it was typed."""
    return text.replace("\u3000", " ").replace("\xa0", " ")


def _checked(field: str, text: str, limit: int, *, needed: bool) -> str:
    if needed and not text:
        raise Invalid(FieldProblem(field, "needed"))
    if not is_printable(text):
        raise Invalid(FieldProblem(field, "text_malformed"))
    return _of_length(field, text, limit)


def _of_length(field: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise Invalid(FieldProblem(field, "too_long", {"limit": limit, "length": len(text)}))
    return text
