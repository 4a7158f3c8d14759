"""Certificates on paper, A4: what they say, who issued them, number, code and a picture of the code (QR)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

import segno

from api.prints.press import Printed, printed
from api.speak import certificates as words
from api.speak.language import Language, Pair, pick
from registry.certificates.codes import shown_code
from registry.certificates.participation import ChildStanding
from registry.certificates.tables import Certificate
from registry.exchange.tables_out import list_book, list_csv

TEXTS: Mapping[str, Pair] = {
    "number": ("编号", "Number"),
    "code": ("验证码", "Code"),
    "check": (
        "扫码，或打开下面的网址输入验证码，可核对真伪",
        "Scan, or enter the code at the address below, to verify",
    ),
    "seal": ("（盖章）", "(Seal)"),
    "codes": (
        "方框里的编号代表打印不出来的字，请照证件手写。",
        "A code in a box stands for a character that cannot be printed.",
    ),
}
SITES: Pair = ("服务地点", "Where")
ORGANISATION: Pair = ("所在单位", "Organisation")
COURSES: Pair = ("一起上过的课", "Courses together")
THANKS: Pair = ("谢谢你，和我们一起过了这个夏天。", "Thank you for spending this summer with us.")
COLUMNS: tuple[Pair, ...] = (
    ("编号", "Number"), ("种类", "Kind"), ("姓名", "Name"), ("期次", "Term"), ("天数", "Days"), ("小时", "Hours"),
    ("班次", "Class"), ("出具日期", "Issued on"), ("出具人", "Issued by"), ("状态", "State"), ("作废原因", "Why void"),
    ("新编号", "Replaced by"), ("验证码", "Code"),
)  # fmt: skip
FIGURES: tuple[Pair, ...] = (
    ("姓名", "Name"), ("应到天数", "Days expected"), ("到班天数", "Days there"), ("请假天数", "Days excused"),
    ("出勤率", "Share"), ("提醒", "Flag"), ("参与证明", "Certificate"),
)  # fmt: skip
FIGURES_TITLE: Pair = ("出勤", "Attendance")
BELOW: Pair = ("低于 {n}%", "below {n}%")
TITLE: Pair = ("证明登记", "Certificates")


def certificates(found: Sequence[Certificate], base: str, rule: Mapping[str, int], language: Language) -> Printed:
    """The PDF, a page for each. `base` is the address of the site, `rule` that of service hours."""
    return printed("certificate", certificate_data(found, base, rule, language))


def certificate_data(
    found: Sequence[Certificate], base: str, rule: Mapping[str, int], language: Language
) -> dict[str, Any]:
    """What the template is given."""
    title = words.word("kind", found[0].kind, language) if found else pick(TITLE, language)
    say = {name: pick(text, language) for name, text in TEXTS.items()}
    sheets = [_sheet(one, base, rule, language) for one in found]
    return {"language": language, "paper": "a4", "title": title, "say": say, "sheets": sheets}


def _sheet(one: Certificate, base: str, rule: Mapping[str, int], language: Language) -> dict[str, Any]:
    address = f"{base}/verify/{one.code}"
    return {
        "kind": one.kind,
        "title": words.word("kind", one.kind, language),
        "name": one.holder,
        "text": words.sentence(one.kind, "\u2402", one.facts, language).split("\u2402"),
        "details": [[name, text] for name, text in details(one, language)],
        "note": note(one, rule, language),
        "issuer": words.issuer(one.facts, language),
        "date": words.plain_day(one.issued_on, language),
        "number": one.shown_number,
        "code": shown_code(one.code),
        "address": f"{base}/verify",
        "qr": qr_svg(address),
    }


def details(one: Certificate, language: Language) -> list[tuple[str, str]]:
    """What stands below the sentence: name and text."""
    facts = one.facts
    if one.kind == "service":
        lines = [(SITES, words.listed(facts["sites"], language)), (ORGANISATION, facts["organisation"])]
    else:
        lines = [(COURSES, words.listed(facts["courses"], language))]
    return [(pick(name, language), text) for name, text in lines if text]


def note(one: Certificate, rule: Mapping[str, int], language: Language) -> str:
    """The rule of the hours; to a child a word of thanks."""
    if one.kind != "service":
        return pick(THANKS, language)
    return pick(words.RULE, language).format(nothing=rule["nothing_up_to"], half=rule["half_up_to"])


def qr_svg(text: str) -> str:
    """A QR code that still reads with a quarter of it gone, with the quiet zone around it that readers need."""
    out = BytesIO()
    segno.make(text, error="q", micro=False).save(out, kind="svg", xmldecl=False, border=4, omitsize=True)
    return out.getvalue().decode()


def figures_list(lines: Iterable[ChildStanding], kind: str, language: Language) -> bytes:
    """How often the children of a class were there, as a spreadsheet."""
    rows = [
        (
            *(line.child.name, line.attendance.held, line.attendance.attended, line.attendance.excused),
            "" if line.attendance.percent is None else f"{line.attendance.percent}%",
            pick(BELOW, language).format(n=line.attendance.floor_percent) if line.attendance.is_below_floor else "",
            line.certificate.shown_number if line.certificate else "",
        )
        for line in lines
    ]
    headers = [pick(column, language) for column in FIGURES]
    return list_csv(headers, rows) if kind == "csv" else list_book(pick(FIGURES_TITLE, language), headers, rows)


def register(lines: Iterable[tuple[Certificate, str, str]], kind: str, language: Language) -> bytes:
    """The register as a spreadsheet: each certificate, who issued it, the number that replaced it."""
    rows = [_row(one, by, newer, language) for one, by, newer in lines]
    headers = [pick(column, language) for column in COLUMNS]
    return list_csv(headers, rows) if kind == "csv" else list_book(pick(TITLE, language), headers, rows)


def _row(one: Certificate, by: str, newer: str, language: Language) -> tuple[object, ...]:
    facts = one.facts
    return (
        *(one.shown_number, words.word("kind", one.kind, language), one.holder, f"{facts['year']} {facts['term']}"),
        *(facts.get("days", facts.get("attended", "")), f"{facts['hours']:g}" if "hours" in facts else ""),
        *(facts.get("class_run", ""), one.issued_on.isoformat(), by, words.word("state", one.state, language)),
        *(one.void_reason, newer, shown_code(one.code)),
    )
