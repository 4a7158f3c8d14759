"""The name that a phone gives to what it sends, so that sending it again stores nothing twice."""

from __future__ import annotations

from registry.errors import FieldProblem, Invalid

SHORTEST_KEY, LONGEST_KEY = 8, 40


def key_of(request_key: str) -> str:
    """The name, where it can be one.

    Raises:
        Invalid: `request_key_malformed`.
    """
    if not (SHORTEST_KEY <= len(request_key) <= LONGEST_KEY and request_key.isascii() and request_key.isprintable()):
        raise Invalid(FieldProblem("request_key", "request_key_malformed"))
    return request_key
