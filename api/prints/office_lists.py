"""The office's lists as spreadsheets: headers and cells in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.speak import office as words
from api.speak import weeks
from api.speak.language import Language, Pair, pick
from registry.enrolment.lists import ApplicationLine
from registry.enrolment.results import ResultLine
from registry.exchange.tables_out import list_book, list_csv
from registry.privacy.bulk_exports import PlacedChild

APPLICATIONS: tuple[Pair, ...] = (
    ("报名号", "Number"), ("姓名（打码）", "Name (masked)"), ("入学年份", "Entry year"), ("状态", "Status"),
    ("优先", "Priority"), ("核实人", "Seen by"), ("提交时间", "Sent"), ("志愿", "Wishes"), ("位子", "Places"),
)  # fmt: skip
PLACED: tuple[Pair, ...] = (
    ("期次", "Term"), ("班次", "Class"), ("姓名", "Name"), ("性别", "Sex"), ("入学年份", "Entry year"),
    ("监护人", "Guardian"), ("电话", "Phone"), ("报名号", "Number"), ("状态", "Status"),
)  # fmt: skip
RESULTS: tuple[Pair, ...] = (
    ("托管点", "Site"), ("期次", "Term"), ("班次", "Class"), ("姓名（打码）", "Name (masked)"), ("报名号", "Number"),
    ("结果", "Result"), ("候补第几位", "Waitlist position"),
)  # fmt: skip
SEXES = {"male": ("男", "male"), "female": ("女", "female")}
TITLES = {
    "applications": ("报名", "Applications"), "placed": ("录取名单", "Placed"), "results": ("结果", "Results"),
}  # fmt: skip
WARNING: Pair = (
    "内有孩子的全名和家长电话：只作说明的用途，用完删除，不要转发。",
    "Holds whole names of children and phones of parents: for the stated purpose alone. Delete it after use.",
)


def applications(lines: Iterable[ApplicationLine], kind: str, language: Language) -> bytes:
    """The list of applications as it is on the screen; `kind` is xlsx or csv."""
    return _made("applications", APPLICATIONS, [_application(line, language) for line in lines], kind, language)


def placed(rows: Iterable[PlacedChild], kind: str, language: Language) -> bytes:
    """Who has a place, whole."""
    said = [
        (
            *(row.term, row.class_run, row.name, pick(SEXES.get(row.sex, (row.sex, row.sex)), language)),
            *(row.entry_year, row.guardian, row.phone, row.number, words.word("status", _state(row), language)),
        )
        for row in rows
    ]
    return _made("placed", PLACED, said, kind, language, [pick(WARNING, language)])


def results(lines: Iterable[ResultLine], kind: str, language: Language) -> bytes:
    """How a round came out, masked; `kind` is xlsx or csv."""
    said = [
        (
            *(line.site, line.term, line.class_run, line.name, line.number),
            *(words.word("status", _STATES.get(line.status, line.status), language), line.position or ""),
        )
        for line in lines
    ]
    return _made("results", RESULTS, said, kind, language)


_STATES = {"offered": "placed", "waiting": "waitlisted"}


def _state(row: PlacedChild) -> str:
    return _STATES.get(row.status, row.status)


def _application(line: ApplicationLine, language: Language) -> tuple[object, ...]:
    mark = "；" if language == "zh" else "; "
    sent = weeks.moment(line.submitted_at, language) if line.submitted_at else ""
    claim = words.word("claim", line.claim, language) if line.claim != "none" else ""
    return (
        *(line.number, line.child, line.entry_year, words.word("status", line.status, language), claim),
        *(line.verified_by, sent, mark.join(n for _, n in line.wishes), mark.join(n for _, n in line.places)),
    )


def _made(
    title: str, headers: Sequence[Pair], rows: Sequence[Sequence[object]], kind: str, language: Language,
    notes: Sequence[str] = (),
) -> bytes:  # fmt: skip
    said = [pick(header, language) for header in headers]
    if kind == "csv":
        return list_csv(said, rows)
    return list_book(pick(TITLES[title], language), said, rows, notes)
