"""The words of a board for its templates: sentences about its entries, in the reader's language."""

from __future__ import annotations

import json
from dataclasses import dataclass

from api.speak import board_tales, boards
from api.speak.language import Language
from api.speak.names import Names
from registry.board.desk import BoardView
from registry.board.places import Place, zone_of
from registry.board.records import Clash, Done
from registry.engine.boards import Entry, write_entry


@dataclass(frozen=True)
class BoardWords:
    """What templates say about a board."""

    names: Names
    language: Language

    def json(self, entry: Entry) -> str:
        """An entry as forms and scripts hand it back."""
        return json.dumps(write_entry(entry), ensure_ascii=False)

    def text(self, data: object) -> str:
        """The same of the fields of an entry."""
        return json.dumps(data, ensure_ascii=False)

    def zone(self, entry: Entry) -> str:
        """The zone that a piece is."""
        return zone_of(entry)

    def place(self, entry: Entry) -> str:
        """Where and when."""
        return board_tales.place(entry, self.names)

    def entry(self, entry: Entry) -> str:
        """Who, where and when."""
        return board_tales.entry(entry, self.names)

    def clash(self, clash: Clash) -> str:
        """What is broken."""
        return board_tales.clash(clash.violation, self.names)

    def done(self, done: Done) -> str:
        """What was done."""
        return board_tales.edit(done.edit, self.names)

    def change(self, kind: str, data: dict[str, object]) -> str:
        """What a change of a what-if does."""
        return board_tales.change(kind, data, self.names)

    def rise(self, cost: dict[str, int]) -> str:
        """By how much the levels rise."""
        return board_tales.rise(cost, self.language)

    def rises(self, three: tuple[int, int, int]) -> str:
        """The same of three numbers."""
        return board_tales.rises(three, self.language)

    def signed(self, n: int) -> str:
        """A number with its sign."""
        return board_tales.signed(n)

    def verdict(self, place: Place) -> str:
        """What would come of a change."""
        return board_tales.verdict(place.outcome, place.rules, self.language)

    def word(self, kind: str, code: str) -> str:
        """A word for a code."""
        return boards.word(kind, code, self.language)


def words_for(view: BoardView, language: Language) -> BoardWords:
    """The words for a board."""
    return BoardWords(board_tales.names_for(view.position.problem, view.names, language), language)
