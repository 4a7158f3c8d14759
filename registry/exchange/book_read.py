"""The edited workbook of a week, back into duties and lessons, with every problem by sheet, row and column.

A week stands twice in the workbook, by class and as lists, and may be edited in either place. The roster that was
written is known, so each place (a class in a segment or slot) is taken from where it was changed; a place that was
changed differently in both is a problem, and the list counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from registry.engine.rosters import ClassRun, Duty, Lesson, Problem, Roster
from registry.errors import WorkbookRefused
from registry.exchange.book_labels import Labels, NotMeant, WeekLabels
from registry.exchange.book_merge import merged
from registry.exchange.book_rows import BookProblem, Key, Read, Row
from registry.exchange.book_words import FACTS, FORMAT, GRID_ROWS, HEADERS, KINDS, ROLES, SHEETS, known
from registry.exchange.cells import Cell, shown
from registry.exchange.sheets import open_workbook

Rows = list[list[Cell]]
SEGMENTS, SLOTS = attrgetter("segments"), attrgetter("slots")


@dataclass(frozen=True, slots=True)
class BookFacts:
    """What a workbook says it is: which week, and of what it was made: draft 3, version 2 (`v2`), the board when it
    had been changed 12 times (`b12`). `sites` are those alone that are in it, None for all."""

    week: str
    draft: int
    kind: str = "draft"
    sites: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class BookContents:
    """The roster of a workbook, and what in it is not understood. What is, is in the roster."""

    roster: Roster
    problems: tuple[BookProblem, ...]


class WeekBook:
    """A workbook of a week that was opened."""

    def __init__(self, path: Path) -> None:
        """Read all sheets.

        Raises:
            WorkbookRefused: `file_missing`, `not_xlsx`, `damaged`; `not_a_week_book`.
        """
        self.path = path
        self.sheets: dict[str, tuple[str, Rows]] = {}
        with open_workbook(path) as source:
            for name in source.sheet_names:
                if code := known(SHEETS, name):
                    self.sheets[code] = name, source.get_sheet_by_name(name).to_python(skip_empty_area=False)
        self.facts = self._facts()

    def _facts(self) -> BookFacts:
        found: dict[str, str] = {}
        for cells in self.sheets.get("about", ("", []))[1]:
            texts = [shown(cell).strip() for cell in cells]
            if len(texts) > 1 and (code := known(FACTS, texts[0])):
                found.setdefault(code, texts[1])
        made_of = re.fullmatch("([vb]?)([0-9]{1,9})", found.get("draft", ""))
        if found.get("format") != FORMAT or made_of is None or "week" not in found:
            raise WorkbookRefused("not_a_week_book", file=self.path.name)
        sites = frozenset(re.findall(r"\[([^\[\]]+)\]", found["sites"])) if "sites" in found else None
        return BookFacts(found["week"], int(made_of[2]), KINDS[made_of[1]], sites)

    def contents(self, problem: Problem, written: Roster, class_names: Mapping[str, str]) -> BookContents:
        """The roster that the workbook says now; `written` is the one that it was made of. Of a workbook of some sites
        both are their entries alone.

        Raises:
            WorkbookRefused: `sheet_missing`, `column_missing`, with everything that is missing.
        """
        reader = _Reader(self, WeekLabels(problem, class_names, "zh"))
        duties = merged(written.duties, duty_key, reader.duty_list(), reader.care_grid())
        lessons = merged(written.lessons, lesson_key, reader.lesson_list(), reader.lesson_grid())
        problems = (*reader.problems, *duties.problems, *lessons.problems)
        order = {name: n for n, (name, _) in enumerate(self.sheets.values())}
        ranked = sorted(problems, key=lambda p: (order[p.sheet], p.row))
        return BookContents(Roster(frozenset(duties.entries), frozenset(lessons.entries)), tuple(ranked))


def duty_key(duty: Duty) -> Key:
    """The place of a duty."""
    return duty.class_run, duty.segment


def lesson_key(lesson: Lesson) -> Key:
    """The place of a lesson."""
    return lesson.class_run, lesson.slot


class _Reader:
    """Reads the four sheets that may be edited. What is not understood is noted, never guessed."""

    def __init__(self, book: WeekBook, labels: WeekLabels) -> None:
        self.book, self.labels, self.problem = book, labels, labels.problem
        self.problems: list[BookProblem] = []
        missing = [(code, None) for code in ("care", "timetable", "duties", "lessons") if code not in book.sheets]
        if missing:
            raise WorkbookRefused("sheet_missing", missing=[(SHEETS[code][0], None) for code, _ in missing])

    def duty_list(self) -> Read[Duty]:
        """Duties, one a row."""
        name, rows = self.book.sheets["duties"]
        found: Read[Duty] = Read(name)
        for row in self._rows(name, rows, ("class_run", "segment", "role", "volunteer")):
            class_run, segment = (
                row.meant("class_run", self.labels.class_run),
                row.meant("segment", self.labels.segment),
            )
            role, volunteer = row.role(), row.meant("volunteer", self.labels.volunteer)
            if class_run and segment and not (role and volunteer):
                found.broken.add((class_run, segment))
            if (
                class_run
                and segment
                and role
                and volunteer
                and self._is_there(row, class_run, segment, "segment", SEGMENTS)
            ):
                row.keep(found, Duty(volunteer, class_run, segment, role), "volunteer")
        return found

    def lesson_list(self) -> Read[Lesson]:
        """Lessons, one a row."""
        name, rows = self.book.sheets["lessons"]
        found: Read[Lesson] = Read(name)
        for row in self._rows(name, rows, ("class_run", "slot", "course", "instructor", "room")):
            class_run, slot = row.meant("class_run", self.labels.class_run), row.meant("slot", self.labels.slot)
            course, who = row.meant("course", self.labels.course), row.meant("instructor", self.labels.volunteer)
            room, is_room_read = row.room(self.labels.room)
            if class_run and slot and not (course and who and is_room_read):
                found.broken.add((class_run, slot))
            elif class_run and slot and course and who and self._is_there(row, class_run, slot, "slot", SLOTS):
                self._check_room(row, class_run, room)
                row.keep(found, Lesson(class_run, slot, course, who, room), "course")
        return found

    def care_grid(self) -> Read[Duty]:
        """Duties out of the sheet by class."""
        name, rows = self.book.sheets["care"]
        found: Read[Duty] = Read(name)
        for row, class_run, kind, cells in self._grid(name, rows, self.labels.segment):
            for segment, column in cells:
                who = row.meant(column, self.labels.volunteer, kind="volunteer") if row.text(column) else None
                if who and kind in ROLES and self._is_there(row, class_run, segment, column, SEGMENTS):
                    row.keep(found, Duty(who, class_run, segment, kind), column)
                elif row.text(column) and kind in ROLES:
                    found.broken.add((class_run, segment))
        return found

    def lesson_grid(self) -> Read[Lesson]:
        """Lessons out of the sheet by class: three rows make them."""
        name, rows = self.book.sheets["timetable"]
        found: Read[Lesson] = Read(name)
        parts: dict[Key, dict[str, tuple[Row, str]]] = defaultdict(dict)
        for row, class_run, kind, cells in self._grid(name, rows, self.labels.slot):
            for slot, column in cells:
                if row.text(column):
                    parts[class_run, slot][kind] = row, column
        for (class_run, slot), given in parts.items():
            self._lesson(found, class_run, slot, given)
        return found

    def _lesson(self, found: Read[Lesson], class_run: str, slot: str, given: dict[str, tuple[Row, str]]) -> None:
        tables = {"course": self.labels.course, "instructor": self.labels.volunteer, "room": self.labels.room}
        read = {
            kind: row.meant(column, tables[kind], kind=kind) for kind, (row, column) in given.items() if kind in tables
        }
        first, column = next(iter(given.values()))
        if None in read.values():
            found.broken.add((class_run, slot))
        elif not read.keys() >= {"course", "instructor"}:
            found.broken.add((class_run, slot))
            first.note(column, "incomplete")
        elif self._is_there(first, class_run, slot, column, SLOTS):
            self._check_room(given.get("room", (first, column))[0], class_run, read.get("room"), column)
            course, who = read["course"], read["instructor"]
            assert course and who
            first.keep(found, Lesson(class_run, slot, course, who, read.get("room")), column)

    def _is_there(
        self, row: Row, class_run: str, place: str, column: str, places: Callable[[ClassRun], tuple[str, ...]]
    ) -> bool:
        """Whether the class is there at all; a problem where not."""
        run = self.problem.class_run[class_run]
        if place in places(run):
            return True
        row.note(column, "class_not_there", class_run=self.labels.class_run.of(class_run))
        return False

    def _check_room(self, row: Row, class_run: str, room: str | None, column: str = "room") -> None:
        """A room of another site is told; `roster check` would say so too, without the cell."""
        if room and self.problem.site_of_room[room] != self.problem.class_run[class_run].site:
            row.note(column, "room_elsewhere", class_run=self.labels.class_run.of(class_run))

    def _rows(self, name: str, rows: Rows, needed: tuple[str, ...]) -> Iterator[Row]:
        """The rows of a list that hold anything, with their columns found by their headers."""
        header = [shown(cell) for cell in rows[0]] if rows else []
        columns = {code: n for n, text in enumerate(header) if (code := known(HEADERS, text)) in needed}
        missing = [(name, HEADERS[code][0]) for code in needed if code not in columns]
        if missing:
            raise WorkbookRefused("column_missing", missing=missing)
        for number, cells in enumerate(rows[1:], start=2):
            texts = {code: shown(cells[n]).strip() for code, n in columns.items() if n < len(cells)}
            if any(texts.values()):
                yield Row(name, number, texts, {code: header[n] for code, n in columns.items()}, self.problems)

    def _grid(self, name: str, rows: Rows, heads: Labels) -> Iterator[tuple[Row, str, str, list[tuple[str, str]]]]:
        """The rows of a sheet by class: the row, the class, what it holds, and (place, column) of each cell."""
        header = [shown(cell).strip() for cell in rows[0]] if rows else []
        places = [(self._head(name, text, heads), str(n)) for n, text in enumerate(header) if n >= 2 and text]
        cells = [(place, column) for place, column in places if place]
        for number, found in enumerate(rows[1:], start=2):
            texts = {str(n): shown(cell).strip() for n, cell in enumerate(found)}
            row = Row(name, number, texts, dict(zip(map(str, range(len(header))), header, strict=True)), self.problems)
            if not any(texts.get(column) for _, column in cells):
                continue
            kind = known(GRID_ROWS, texts.get("1", ""))
            class_run = row.meant("0", self.labels.class_run, kind="class_run")
            if kind is None:
                row.note("1", "row_unknown")
            elif class_run and kind != "gap":
                yield row, class_run, kind, cells

    def _head(self, name: str, text: str, heads: Labels) -> str | None:
        try:
            return heads.meant(text)
        except NotMeant:
            self.problems.append(BookProblem(name, 1, text, text, "column_unknown"))
            return None
