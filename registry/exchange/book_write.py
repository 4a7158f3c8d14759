"""A week as a workbook that a coordinator can edit: by class, as lists, with what is missing and what may be chosen.

`book_read` turns it back into duties and lessons.
"""

from __future__ import annotations

from io import BytesIO

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from registry.engine.rosters import ClassRun, Duty
from registry.exchange.book import Book
from registry.exchange.book_part import engaged_in
from registry.exchange.book_pen import GridCell, GridRow, Pen
from registry.exchange.book_words import FACTS, FORMAT, KINDS, ROLES, SHEETS, YES_NO, label, said

BEFORE = {kind: sign for sign, kind in KINDS.items()}
SPARE_ROWS = 300
"""Empty rows below a list that already offer what may be chosen."""


def week_book(book: Book) -> bytes:
    """The workbook. Equal books give equal files."""
    out = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as target:
        target.set_properties({"created": book.made_at.replace(tzinfo=None), "title": book.problem.week})
        sheets = _Sheets(Pen(target, book))
        for code in SHEETS:
            sheets.write(code)
    return out.getvalue()


class _Sheets:
    """The sheets of a week's workbook, a method each."""

    def __init__(self, pen: Pen) -> None:
        self.pen, self.book, self.labels = pen, pen.book, pen.labels

    def write(self, code: str) -> None:
        """One sheet by its code."""
        getattr(self, f"_{code}")(self.pen.new_sheet(code))

    def _about(self, sheet: Worksheet) -> None:
        week, language = self.book.problem.week, self.book.language
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 100)
        title = f"{said(SHEETS['about'], language)} · {week}"
        sheet.write_string(0, 0, title, self.pen.formats["title"])
        facts = {"format": FORMAT, "draft": f"{BEFORE[self.book.kind]}{self.book.draft}", "week": week}
        if self.book.sites is not None:
            facts["sites"] = "、".join(label(site.name or site.id, site.id) for site in self.book.part.sites)
        for row, (code, value) in enumerate(facts.items(), start=2):
            sheet.write_string(row, 0, said(FACTS[code], language), self.pen.formats["head"])
            sheet.write_string(row, 1, value, self.pen.formats["text"])
        for row, line in enumerate(self.book.about, start=6):
            sheet.write_string(row, 1, line, self.pen.formats["text"])

    def _care(self, sheet: Worksheet) -> None:
        segments = list(self.labels.segment.names)
        heads = [self.labels.segment.of(s) for s in segments]
        self.pen.by_class(sheet, heads, 13, lambda run: self._care_rows(run, segments))

    def _care_rows(self, run: ClassRun, segments: list[str]) -> list[GridRow]:
        """The rows of a class: leads, helpers with one place to spare, and what is missing."""
        here = {s: self.book.duties.get((run.id, s), []) for s in segments}
        leads = {s: [d for d in duties if d.role == "lead"] for s, duties in here.items()}
        helpers = {s: [d for d in duties if d.role != "lead"] for s, duties in here.items()}
        need = self.book.problem.need(run)
        most_leads = max(1, *map(len, leads.values()))
        most_helpers = max(need - 1, *map(len, helpers.values())) + 1
        rows: list[GridRow] = [("lead", self._people(run, leads, n, wanted=1)) for n in range(most_leads)]
        rows += [("assistant", self._people(run, helpers, n, wanted=need - 1)) for n in range(most_helpers)]
        gaps = self.book.cell_gaps or {}
        return [*rows, ("gap", [(gaps.get((run.id, s), ""), "gap") for s in segments])]

    def _people(self, run: ClassRun, found: dict[str, list[Duty]], n: int, wanted: int) -> list[GridCell]:
        """The n-th place of each segment."""
        cells = []
        for segment, duties in found.items():
            if segment not in run.segments:
                cells.append(("", "closed"))
            elif n < len(duties):
                cells.append((self.labels.volunteer.of(duties[n].volunteer), "grid"))
            else:
                cells.append(("", "open" if n < wanted else "grid"))
        return cells

    def _timetable(self, sheet: Worksheet) -> None:
        slots = list(self.labels.slot.names)
        heads = [self.labels.slot.of(s) for s in slots]
        kinds = ("course", "instructor", "room")
        self.pen.by_class(
            sheet, heads, 12, lambda run: [(kind, [self._lesson_cell(run, s, kind) for s in slots]) for kind in kinds]
        )

    def _lesson_cell(self, run: ClassRun, slot: str, kind: str) -> GridCell:
        if slot not in run.slots:
            return "", "closed"
        lesson = self.book.lessons.get((run.id, slot))
        if lesson is None:
            return "", "grid" if kind == "room" else "open"
        if kind == "course":
            return self.labels.course.of(lesson.course), "grid"
        if kind == "instructor":
            return self.labels.volunteer.of(lesson.instructor), "grid"
        return self.labels.room.of(lesson.room) if lesson.room else "", "grid"

    def _duties(self, sheet: Worksheet) -> None:
        place = {s: n for n, s in enumerate(self.labels.segment.names)}
        order = {run.id: n for n, run in enumerate(self.book.classes)}
        keys = sorted(self.book.duties, key=lambda key: (order[key[0]], place[key[1]]))
        rows = [
            [
                self.labels.class_run.of(duty.class_run),
                self.labels.segment.of(duty.segment),
                said(ROLES[duty.role], self.book.language),
                self.labels.volunteer.of(duty.volunteer),
            ]
            for key in keys
            for duty in self.book.duties[key]
        ]
        self.pen.entries(sheet, {"class_run": 44, "segment": 26, "role": 12, "volunteer": 26}, rows)
        roles = [said(pair, self.book.language) for pair in ROLES.values()]
        for column, source in enumerate(
            [self.pen.all("classes"), self.pen.all("segments"), roles, self.pen.all("volunteers")]
        ):
            self.pen.choose(sheet, (1, column, len(rows) + SPARE_ROWS, column), source)

    def _lessons(self, sheet: Worksheet) -> None:
        place = {t: n for n, t in enumerate(self.labels.slot.names)}
        order = {run.id: n for n, run in enumerate(self.book.classes)}
        found = sorted(self.book.shown.lessons, key=lambda x: (order[x.class_run], place[x.slot]))
        rows = [
            [
                self.labels.class_run.of(x.class_run),
                self.labels.slot.of(x.slot),
                self.labels.course.of(x.course),
                self.labels.volunteer.of(x.instructor),
                self.labels.room.of(x.room) if x.room else "",
            ]
            for x in found
        ]
        self.pen.entries(sheet, {"class_run": 44, "slot": 26, "course": 26, "instructor": 26, "room": 22}, rows)
        for column, code in enumerate(("classes", "slots", "courses", "volunteers", "rooms")):
            self.pen.choose(sheet, (1, column, len(rows) + SPARE_ROWS, column), self.pen.all(code))

    def _gaps(self, sheet: Worksheet) -> None:
        own = self.book.part.class_run
        rows = [
            [self.labels.class_run.of(class_run), sentence]
            for class_run, sentence in self.book.gaps
            if class_run in own
        ]
        self.pen.entries(sheet, {"class_run": 44, "gap": 90}, rows)

    def _volunteers(self, sheet: Worksheet) -> None:
        problem, language = self.book.problem, self.book.language
        engaged = engaged_in(problem, self.book.roster)
        comma = "、" if language == "zh" else ", "
        rows: list[list[str | int]] = []
        for id_ in self.labels.volunteer.names:
            who = problem.volunteer[id_]
            roles = comma.join(said(pair, language) for role, pair in ROLES.items() if role in who.roles)
            courses = comma.join(sorted(self.labels.course.names[k] for k in who.courses))
            load = [engaged.get(id_, 0), who.preferred_segments, who.max_segments]
            rows.append([self.labels.volunteer.of(id_), roles, courses, *load, said(YES_NO[who.adult], language)])
        widths = {"volunteer": 26, "roles": 18, "courses": 60, "engaged": 10, "preferred": 10, "most": 10, "adult": 8}
        self.pen.entries(sheet, widths, rows)

    def _classes(self, sheet: Worksheet) -> None:
        problem = self.book.problem
        rows: list[list[str | int]] = [
            [self.labels.class_run.of(run.id), _grades(run.grades), run.children, problem.need(run)]
            for run in (problem.class_run[id_] for id_ in self.labels.class_run.names)
        ]
        self.pen.entries(sheet, {"class_run": 44, "grades": 10, "children": 10, "need": 12}, rows)

    def _segments(self, sheet: Worksheet) -> None:
        self.pen.entries(sheet, {"segment": 30}, [[cell] for cell in self.labels.segment.all])

    def _slots(self, sheet: Worksheet) -> None:
        self.pen.entries(sheet, {"slot": 30}, [[cell] for cell in self.labels.slot.all])

    def _courses(self, sheet: Worksheet) -> None:
        words = self.book.domains or {}
        courses = [self.book.problem.course[id_] for id_ in self.labels.course.names]
        rows = [
            [
                self.labels.course.of(k.id),
                words.get(k.domain, k.domain),
                _grades(k.grades),
                k.room_kind or "",
            ]
            for k in courses
        ]
        self.pen.entries(sheet, {"course": 30, "domain": 10, "grades": 10, "room": 24}, rows)

    def _rooms(self, sheet: Worksheet) -> None:
        rows: list[list[str | int]] = [
            [self.labels.room.of(room.id), site.name or site.id, room.capacity]
            for site in self.book.part.sites
            for room in site.rooms
        ]
        self.pen.entries(sheet, {"room": 26, "site": 44, "capacity": 10}, rows)


def _grades(both: tuple[int, int]) -> str:
    return "–".join(map(str, both))
