"""What is held about a child as a PDF for its guardian, from the very values that the JSON file holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.prints.press import Printed, printed
from api.speak import exports
from api.speak.language import Language

Json = Mapping[str, Any]
SECTIONS = (
    "child", "guardians", "contacts", "collectors", "restrictions", "invitations", "consents", "applications",
    "attendance", "delegations", "certificates", "requests", "accesses",
)  # fmt: skip
"""In the order in which a family looks for them."""


def printed_export(found: Json, language: Language) -> Printed:
    """The PDF of an export."""
    return printed("export", export_data(found, language))


def export_data(found: Json, language: Language) -> dict[str, Any]:
    """What the template is given."""
    title = exports.title(found["child"]["name"], language)
    sections = [
        {"title": exports.section(name, language), "entries": [_entry(one, language) for one in _entries(found[name])]}
        for name in SECTIONS
    ]
    sheet = {"title": title, "intro": exports.intro(found["made_at"], language), "sections": sections}
    return {"language": language, "paper": "a4", "title": title, "say": exports.frame(language), "sheets": [sheet]}


def _entries(part: Json | Iterable[Json]) -> list[Json]:
    return [part] if isinstance(part, Mapping) else list(part)


def _entry(values: Json, language: Language) -> list[tuple[str, list[str]]]:
    """Labels and lines; of a consent's text only the one in the reader's language, nothing that is empty."""
    other = "text_en" if language == "zh" else "text_zh"
    told = [
        (exports.label(name, language), exports.lines(name, value, language))
        for name, value in values.items()
        if name != other
    ]
    return [(label, lines) for label, lines in told if lines]
