"""Mobile phone numbers of the mainland: as they are kept, and as they are shown (DOMAIN.md, Chinese conventions)."""

from __future__ import annotations

import re
from unicodedata import normalize

from registry.errors import FieldProblem, Invalid

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LONGEST = 40
"""No number, however it is written, is longer; whatever is gets no further look."""


def phone_of(text: str, field: str = "phone") -> str:
    """The eleven digits of a number as somebody typed it: full-width, in groups, with +86 before it.

    Raises:
        Invalid: `needed` or `phone_malformed` at the field.
    """
    if not text.strip():
        raise Invalid(FieldProblem(field, "needed"))
    bare = re.sub(r"[\s()-]|[\u2010-\u2015]", "", normalize("NFKC", text[:LONGEST])) if len(text) <= LONGEST else ""
    digits = re.sub(r"^(?:\+|00)86", "", bare)
    if not MOBILE.fullmatch(digits):
        raise Invalid(FieldProblem(field, "phone_malformed"))
    return digits


def mask_phone(phone: str) -> str:
    """138****1234. Of anything too short to be a number nothing is shown."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"
