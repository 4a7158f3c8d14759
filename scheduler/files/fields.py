"""One JSON value at a time, knowing where it stands: `volunteers[17].available[3]`.

Every question either answers with a value of the asked type or raises `Malformed` with the exact place.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from typing import NoReturn

from scheduler.result import Malformed

MOST = 1_000_000  # No count or weight of a district comes near; keeps all costs far inside 64 bits.
MOST_FAR = 1e9


class Node:
    """A JSON value with its place. Made for the root; all others come from `need`, `may` and `each`."""

    __slots__ = ("_key", "_parent", "value")

    def __init__(self, value: object, parent: Node | None = None, key: str | int = "") -> None:
        self.value, self._parent, self._key = value, parent, key

    @property
    def place(self) -> str:
        """The path from the root, such as `volunteers[17].available[3]`; `file` for the root itself."""
        if self._parent is None:
            return "file"
        if isinstance(self._key, int):
            return f"{self._parent.place}[{self._key}]"
        return self._key if self._parent._parent is None else f"{self._parent.place}.{self._key}"

    def fail(self, code: str, **facts: object) -> NoReturn:
        """Refuse this value."""
        raise Malformed(self.place, code, **facts)

    def _wrong_type(self, expected: str) -> NoReturn:
        self.fail("wrong_type", expected=expected, found=type(self.value).__name__)

    def need(self, name: str) -> Node:
        """A required field of an object."""
        found = self.may(name)
        return found if found is not None else Node(None, self, name).fail("missing")

    def may(self, name: str) -> Node | None:
        """An optional field of an object; None where it is absent."""
        if not isinstance(self.value, dict):
            self._wrong_type("object")
        return Node(self.value[name], self, name) if name in self.value else None

    def each(self) -> list[Node]:
        """The items of a list."""
        if not isinstance(self.value, list):
            self._wrong_type("list")
        return [Node(item, self, i) for i, item in enumerate(self.value)]

    def fields(self) -> list[tuple[str, Node]]:
        """All fields of an object that serves as a table."""
        if not isinstance(self.value, dict):
            self._wrong_type("object")
        return [(name, Node(item, self, name)) for name, item in self.value.items()]

    def text(self) -> str:
        """A string that can be written again (lone surrogates cannot)."""
        if not isinstance(self.value, str):
            self._wrong_type("string")
        try:
            self.value.encode()
        except UnicodeEncodeError:
            self.fail("bad_text")
        return self.value

    def text_or_none(self) -> str | None:
        """A string or null."""
        return None if self.value is None else self.text()

    def one_of(self, allowed: Collection[str]) -> str:
        """One of a few words."""
        word = self.text()
        return word if word in allowed else self.fail("not_one_of", value=word, allowed=tuple(sorted(allowed)))

    def known(self, kind: str, ids: Collection[str]) -> str:
        """The id of something that exists."""
        name = self.text()
        return name if name in ids else self.fail("unknown_id", kind=kind, id=name)

    def flag(self) -> bool:
        """True or false."""
        return self.value if isinstance(self.value, bool) else self._wrong_type("boolean")

    def number(self, least: float = -MOST_FAR, most: float = MOST_FAR) -> float:
        """A finite number in a range. Booleans are not numbers."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self._wrong_type("number")
        if not least <= self.value <= most:
            self._refuse_number(least, most)
        return float(self.value)

    def whole(self, least: int = 0, most: int = MOST) -> int:
        """A whole number in a range; 8.0 is one, true is not."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self._wrong_type("whole number")
        if not least <= self.value <= most:
            self._refuse_number(least, most)
        if self.value != int(self.value):
            self._wrong_type("whole number")
        return int(self.value)

    def _refuse_number(self, least: float, most: float) -> NoReturn:
        if isinstance(self.value, float) and not math.isfinite(self.value):
            self.fail("not_a_number")
        self.fail("out_of_range", value=self.value, least=least, most=most)


def load_json(text: str) -> object:
    """Parse JSON. NaN and Infinity are let through here, so that whoever reads them can name the place."""
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise Malformed(place, "bad_json", reason=error.msg) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or endless nesting
        raise Malformed("file", "bad_json", reason=type(error).__name__) from error


def read_format(root: Node, expected: str) -> None:
    """Refuse a file of another format or version."""
    node = root.need("format")
    if node.text() != expected:
        node.fail("wrong_format", expected=expected, found=node.value)


def unique(nodes: list[Node], kind: str) -> list[str]:
    """The `id` of each node, refusing one that was there before."""
    seen: set[str] = set()
    ids = []
    for node in nodes:
        place = node.need("id")
        name = place.text()
        if name in seen:
            place.fail("duplicate", kind=kind, id=name)
        seen.add(name)
        ids.append(name)
    return ids
