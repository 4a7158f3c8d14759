"""A week that was edited in two places, put together: each place as it is where it was changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic

from registry.exchange.book_rows import BookProblem, E, Key, Read


@dataclass(frozen=True)
class Merged(Generic[E]):
    """Entries put together, and the places at which the two sheets say different things."""

    entries: set[E]
    problems: list[BookProblem]


def merged(written: Iterable[E], key: Callable[[E], Key], listed: Read[E], grid: Read[E]) -> Merged[E]:
    """Place by place what was changed. A place that one sheet holds a broken cell of is taken from the other."""
    before, in_list, in_grid = (_by_key(entries, key) for entries in (written, listed.entries, grid.entries))
    entries: set[E] = set()
    problems = []
    for place in before.keys() | in_list.keys() | in_grid.keys():
        old, new_list, new_grid = (found.get(place, frozenset()) for found in (before, in_list, in_grid))
        if place in listed.broken and place not in grid.broken:
            entries |= new_grid
        elif place in grid.broken or new_grid in {old, new_list}:
            entries |= new_list
        elif new_list == old:
            entries |= new_grid
        else:
            entries |= new_list
            problems.append(_both(place, (grid, new_grid), (listed, new_list)))
    return Merged(entries, problems)


def _by_key(entries: Iterable[E], key: Callable[[E], Key]) -> dict[Key, frozenset[E]]:
    found: dict[Key, set[E]] = defaultdict(set)
    for entry in entries:
        found[key(entry)].add(entry)
    return {place: frozenset(group) for place, group in found.items()}


def _both(place: Key, *sheets: tuple[Read[E], frozenset[E]]) -> BookProblem:
    """A place that was changed in both sheets, each time otherwise; told where the first of them still has anything."""
    found = [(read.sheet, *read.entries[entry]) for read, entries in sheets for entry in entries]
    sheet, row, column = found[0]
    return BookProblem(sheet, row, column, "", "edited_twice", facts={"class": place[0], "place": place[1]})
