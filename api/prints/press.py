"""Sheets out of templates: typst lays them out. Data go in as JSON, so that a text stays a text, whatever it says."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import typst
from pypdf import PdfWriter

from api.prints.ink import FAMILIES, FOLDER, Ink

TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "print"
Paper = Literal["a3", "a4", "a5"]
Template = Literal[
    "site", "door", "district", "volunteer", "export", "attendance", "certificate", "contacts", "child_week"
]
OnSheets = Callable[[int, int], None]
"""Told how many sheets are done, and of how many."""

AT_A_TIME = 30
"""Sheets laid out in one run: about 300 MB of memory, whatever the whole comes to."""
_LARGE = threading.Lock()
"""Of what takes several runs, one is made at a time: a server has only so much memory."""
RUNS_REMEMBERED = 12
"""After so many runs without being used, what the typesetter remembers is gone (it keeps 10)."""


@dataclass(frozen=True)
class Printed:
    """A PDF, and how often each character that no font has was printed as its code point."""

    pdf: bytes
    missing: Mapping[str, int]


def printed(template: Template, data: Mapping[str, Any], on_sheets: OnSheets | None = None) -> Printed:
    """A PDF of the template with the data; see `sheets` for what it may hold. Told now and then how many are done.

    Many sheets are laid out some at a time and put together: the typesetter keeps in memory all that it has seen.

    Raises:
        typst.TypstError: the template and the data do not fit each other.
    """
    ready, missing = _ready(data)
    whole: list[Any] = ready["sheets"]
    # Tags, for screen readers, belong to one run of the typesetter and do not survive being put together.
    if len(whole) <= AT_A_TIME:
        return Printed(_set(template, ready, pdf_tags=True), missing)
    parts = []
    with _LARGE:
        for first in range(0, len(whole), AT_A_TIME):
            some = whole[first : first + AT_A_TIME]
            parts.append(_set(template, {**ready, "sheets": some}, pdf_tags=False))
            forget()
            if on_sheets:
                on_sheets(first + len(some), len(whole))
    return Printed(_joined(parts, ready["title"]), missing)


def pictures(template: Template, data: Mapping[str, Any], *, ppi: float = 100) -> list[bytes]:
    """The same as one PNG a page, to be looked at."""
    ready, _ = _ready(data)
    made = typst.compile(TEMPLATES / f"{template}.typ", format="png", ppi=ppi, **_setting(ready))
    return made if isinstance(made, list) else [made]


def _set(template: Template, data: Mapping[str, Any], *, pdf_tags: bool) -> bytes:
    made: bytes = typst.compile(TEMPLATES / f"{template}.typ", format="pdf", pdf_tags=pdf_tags, **_setting(data))
    return made


def forget() -> None:
    """Let the typesetter drop what it remembers: it does so with what it has not needed for some runs."""
    for _ in range(RUNS_REMEMBERED):
        typst.compile(b"", font_paths=fonts(), ignore_system_fonts=True)


def _joined(parts: Iterable[bytes], title: str) -> bytes:
    """One PDF of several, with their bookmarks, the same whenever the parts are the same."""
    whole, out = PdfWriter(), BytesIO()
    for part in parts:
        whole.append(BytesIO(part))
    whole.metadata = None
    whole.add_metadata({"/Title": title, "/Author": "青仔 Qingzai"})
    whole.write(out)
    return out.getvalue()


def _ready(data: Mapping[str, Any]) -> tuple[dict[str, Any], Counter[str]]:
    """The data with printable texts, and with a note for the reader where a character is printed as its code."""
    ink = Ink()
    ready: dict[str, Any] = ink.legible(data)
    return {**ready, "has_codes": bool(ink.missing), "families": list(FAMILIES)}, ink.missing


def _setting(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "root": TEMPLATES,
        "font_paths": fonts(),
        "ignore_system_fonts": True,
        "sys_inputs": {"data": json.dumps(data, ensure_ascii=False)},
    }


@cache
def fonts() -> typst.Fonts:
    """Our fonts and no other: what is printed does not depend on the machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])
