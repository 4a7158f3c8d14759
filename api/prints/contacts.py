"""Whom to call about the children of a class (紧急联系人), on A4."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version

from api.prints.press import Printed, printed
from api.speak import families, weeks
from api.speak.language import Language, Pair, pick
from registry.attendance.contacts import ContactList

TITLE: Pair = ("紧急联系人", "Whom to call")
COLUMNS: tuple[Pair, ...] = (("序", "No."), ("孩子", "Child"), ("电话", "Phones"))
FOOTER: Pair = (
    "青仔 Qingzai {version} · {at} 打印 · 用完锁好或销毁",
    "青仔 Qingzai {version} · printed {at} · lock away or destroy after use",
)


def contacts_sheet(found: ContactList, language: Language, at: datetime) -> Printed:
    """The PDF."""
    title = f"{found.class_run.name} {pick(TITLE, language)}"
    rows = [
        {
            "number": str(number),
            "name": name,
            "phones": [f"{who}（{families.word('relation', how, language)}） {phone}" for who, how, phone in phones],
        }
        for number, (name, phones) in enumerate(found.lines, 1)
    ]
    say = {
        "columns": [pick(column, language) for column in COLUMNS],
        "footer": pick(FOOTER, language).format(version=version("qingzai"), at=weeks.moment(at, language)),
    }
    sheet = {"name": title, "site": found.site.name, "rows": rows}
    data = {"language": language, "paper": "a4", "title": title, "say": say, "sheets": [sheet]}
    return printed("contacts", data)
