"""Codes that verify a certificate: 80 random bits in letters that cannot be confused (Crockford's base 32)."""

from __future__ import annotations

import re
import secrets

from registry.conventions.texts import half_width, visible

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_MISREAD = str.maketrans("OIL", "011")


def new_code() -> str:
    """A code that nobody can guess: with a million certificates in force, a thousand tries a second for a year find
    one with a chance of one in forty million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown_code(code: str) -> str:
    """As it is printed, in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(text: str) -> str | None:
    """A code as somebody typed it, None where it is none."""
    written = re.sub(r"[\s\-]", "", half_width(visible(text[:100]))).upper().translate(_MISREAD)
    is_code = len(written) == LENGTH and all(letter in ALPHABET for letter in written)
    return written if is_code else None
