"""The insurance list as a workbook (投保名单): everybody, who is new, who is gone; numbers of papers are texts."""

from __future__ import annotations

from collections.abc import Iterable

from api.speak import families
from api.speak.insurance import word
from api.speak.language import Language, Pair, pick
from registry.exchange.tables_out import Sheet, lists_book
from registry.insurance.lists import Taken
from registry.insurance.persons import Insured

COLUMNS: tuple[Pair, ...] = (
    ("序号", "No."), ("被保险人姓名", "Insured"), ("性别", "Sex"), ("证件类型", "Paper"), ("证件号码", "Number"),
    ("出生日期", "Born"), ("监护人电话", "Guardian's phone"), ("监护人姓名", "Guardian"), ("关系", "Relation"),
    ("托管点", "Site"), ("班次", "Class"), ("起期", "From"), ("止期", "To"), ("备注", "Remark"),
)  # fmt: skip
SHEETS: tuple[Pair, Pair, Pair] = (("投保名单", "Insured"), ("新增", "Added"), ("减少", "Removed"))
WARNING: Pair = (
    "内有孩子的全名、证件和家长电话：只交给保险公司，用完删除，不要转发。",
    "Holds whole names, papers and phones: for the insurer alone. Delete it after use, do not pass it on.",
)


def insurance_book(taken: Taken, language: Language) -> bytes:
    """The workbook."""
    headers = [pick(column, language) for column in COLUMNS]
    parts = (taken.rows, taken.changes.added, taken.changes.removed)
    return lists_book(*(
        Sheet(pick(title, language), headers, _rows(rows, language), [pick(WARNING, language)])
        for title, rows in zip(SHEETS, parts, strict=True)
    ))  # fmt: skip


def _rows(rows: Iterable[Insured], language: Language) -> list[tuple[object, ...]]:
    return [_row(number, row, language) for number, row in enumerate(rows, start=1)]


def _row(number: int, row: Insured, language: Language) -> tuple[object, ...]:
    """A volunteer's own phone stands in the column of phones; the remark says who is a volunteer."""
    said = families.word
    return (
        *(number, row.name, said("sex", row.sex, language)),
        *(said("paper", row.paper_kind, language) if row.paper_kind else "", row.paper_number, row.born_on),
        *(row.phone, row.guardian, said("relation", row.relation, language) if row.relation else ""),
        *(row.site, row.class_run, row.starts, row.ends),
        "" if row.kind == "child" else word("kind", row.kind, language),
    )
