"""Handbooks and memory books on paper: their words, and the binder that lays one out after the other.

The typesetter reads photos from a folder, so that a binder has one of its own, which holds the templates and the photos
of the book at hand, and nothing once it is closed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import typst

from api.prints import drawings
from api.prints.ink import FAMILIES, Ink
from api.prints.press import TEMPLATES, fonts, forget
from api.speak import families
from api.speak import keepsakes as speak
from api.speak.language import Language
from registry.books.pictures import for_paper
from registry.errors import Refused
from registry.growth.files import Stored, get_picture
from registry.growth.tables import Photo

SHEETS = ("keepsake.typ", "handbook.typ", "memoir.typ")
FORGETS_AFTER = 40
"""Books after which the typesetter drops what it remembers, so that memory does not grow with their number."""
Content = Mapping[str, Any]


class Binder:
    """Lays out books. Used in a `with`, so that no photo is left behind."""

    def __init__(self, language: Language = "zh") -> None:
        self.language = language
        self._folder = TemporaryDirectory(prefix="qingzai-book-")
        self._bound = 0
        for name in SHEETS:
            shutil.copy(TEMPLATES / name, self._folder.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._folder.cleanup()

    def bind(self, content: Content, photos: Mapping[int, Photo]) -> bytes:
        """The PDF of a book. A photo whose picture was lost is left out: the rest is worth having.

        Raises:
            typst.TypstError: the template and the data do not fit each other.
        """
        there = {number: name for number, photo in photos.items() if (name := self._put(photo))}
        made = typst.compile(
            self._file(f"{content['kind']}.typ"), format="pdf", root=Path(self._folder.name), font_paths=fonts(),
            ignore_system_fonts=True, pdf_tags=True,
            sys_inputs={"data": json.dumps(book_data(content, there, self.language), ensure_ascii=False)},
        )  # fmt: skip
        self._bound += 1
        if self._bound % FORGETS_AFTER == 0:
            forget()
        assert isinstance(made, bytes)
        return made

    def clear(self) -> None:
        """Take the photos away, as after the last book of a class."""
        for path in Path(self._folder.name).glob("*.jpg"):
            path.unlink()

    def _put(self, photo: Photo) -> str | None:
        """Write a photo beside the templates; answers its name, None where there is no picture any more."""
        name = f"{photo.id}-{photo.digest[:16]}.jpg"
        if self._file(name).exists():
            return name
        if photo.secret is None or photo.removed_at is not None:
            return None
        try:
            printable = for_paper(get_picture(Stored(photo.file, photo.secret)))
        except Refused:
            return None
        if printable is None:
            return None
        self._file(name).write_bytes(printable)
        return name

    def _file(self, name: str) -> Path:
        return Path(self._folder.name) / name


def book_data(content: Content, there: Mapping[int, str], language: Language) -> dict[str, Any]:
    """What the template is given: the book with its words in a language. `there` names the files of its photos."""
    ink = Ink()
    data = _handbook(content, there, language) if content["kind"] == "handbook" else _memoir(content, there, language)
    ready: dict[str, Any] = ink.legible({**_frame(content, language), **data})
    # Words of people keep their lines; everything else is one.
    return {**ready, "has_codes": bool(ink.missing), "families": list(FAMILIES), "sun": drawings.sun()}


def _frame(content: Content, language: Language) -> dict[str, Any]:
    title = content["child"]["name"] if content["kind"] == "handbook" else content["class_run"]
    return {
        "language": language,
        "title": f"{title} · {speak.label(content['kind'], language)}",
        "kind_title": speak.label(content["kind"], language),
        "say": speak.labels(language),
        "class_run": content["class_run"],
        "site": content["site"],
        "term": f"{content['year']} · {content['term']}",
        "span": speak.span(content["first"], content["last"], language),
        "lead": _lead(content, language),
    }


def _lead(content: Content, language: Language) -> str:
    return speak.sentence("lead", {"names": list(content["leads"][:2])}, language) if content["leads"] else ""


def _handbook(content: Content, there: Mapping[int, str], language: Language) -> dict[str, Any]:
    attendance = content["attendance"]
    return {
        "name": content["child"]["name"],
        "grade": speak.sentence("grade", {"grade": content["child"]["grade"]}, language),
        "about": lines(content["about"]),
        "attendance": attendance_line(content, language) if attendance["held"] else "",
        "days": drawings.days(attendance, language, drawings.ON_PAPER) if attendance["held"] else "",
        "courses": courses(content, language),
        "moments": [_moment(moment, there, language) for moment in content["moments"]],
        "map": drawings.interests(content, language, drawings.ON_PAPER) if content["map"] else "",
        "map_note": speak.sentence("map_note", {}, language),
        "works": _photos(content["works"], there, language),
        "photos": _photos(content["photos"], there, language),
        "can": [speak.can(item, language) for item in content["can"]],
        **{name: lines(content[name]) for name in ("friends", "own", "letter")},
        "feedback": [_feedback(one, language) for one in content["feedback"]],
        "replies": [
            {"words": lines(one["words"]), "by": f"{families.word('relation', one['by'], language)} · "
             f"{speak.day(one['day'], language)}"}
            for one in content["replies"]
        ],
        "certificate": certificate(content, language),
    }  # fmt: skip


def attendance_line(content: Content, language: Language) -> str:
    """How many days the child was there, as the book says it."""
    said = "attendance_excused" if content["attendance"]["excused"] else "attendance"
    return speak.sentence(said, content["attendance"], language)


def certificate(content: Content, language: Language) -> str:
    """The fact that the child took part; nothing where it was never there."""
    if not content["attendance"]["came"]:
        return ""
    facts = {
        **content, "name": content["child"]["name"], "came": content["attendance"]["came"],
        "first": speak.full_day(content["first"], language), "last": speak.full_day(content["last"], language),
    }  # fmt: skip
    return speak.sentence("certificate", facts, language)


def courses(content: Content, language: Language) -> list[dict[str, str]]:
    """The courses with how often, in words."""
    return [
        {
            "name": course["name"],
            "domain": speak.domain(course["domain"], language),
            "times": speak.sentence(
                "course_once" if len(course["days"]) == 1 else "course_times", {"times": len(course["days"])}, language
            ),
        }
        for course in content["courses"]
    ]


def _moment(moment: Content, there: Mapping[int, str], language: Language) -> dict[str, Any]:
    photo = moment["photo"]
    return {
        "day": speak.day(moment["day"], language),
        "domain": speak.domain(moment["domain"], language),
        "course": moment["course"],
        **{name: moment[name] for name in ("seen", "understood", "support")},
        "photo": _photos([photo], there, language)[:1] if photo else [],
    }


def _photos(photos: list[Any], there: Mapping[int, str], language: Language) -> list[dict[str, Any]]:
    return [
        {
            "file": there[photo["id"]],
            "caption": photo["caption"],
            "day": speak.day(photo["day"], language),
            "ratio": photo["width"] / max(1, photo["height"]),
        }
        for photo in photos
        if photo["id"] in there
    ]


def _feedback(one: Content, language: Language) -> dict[str, Any]:
    return {
        "rows": [
            [speak.label(name, language), one[name]] for name in ("strengths", "interests", "suggestion") if one[name]
        ],
        "by": f"{one['by']} · {speak.day(one['day'], language)}",
    }


def _memoir(content: Content, there: Mapping[int, str], language: Language) -> dict[str, Any]:
    return {
        **{name: lines(content[name]) for name in ("opening", "volunteers", "closing")},
        "weeks": [
            {
                "title": speak.sentence("section_week", {"day": speak.day(week["monday"], language)}, language),
                "text": lines(week["text"]),
                "days": [
                    {"day": speak.day(day["day"], language), "lessons": [x["course"] for x in day["lessons"]]}
                    for day in week["days"]
                ],
                "photos": _photos(week["photos"], there, language),
            }
            for week in content["weeks"]
        ],
        "courses": courses(content, language),
        "works": _photos(content["works"], there, language),
        "helpers": list(content["helpers"]),
        "numbers": numbers(content, language),
    }


def numbers(content: Content, language: Language) -> list[list[str]]:
    """The numbers of a class with their words, those that are nought left out."""
    named = (
        ("children", "children"), ("attendances", "attendances"), ("days", "days"), ("lessons", "lessons"),
        ("courses", "courses_n"), ("volunteers", "volunteers_n"),
    )  # fmt: skip
    return [
        [str(content["numbers"][key]), speak.label(said, language)] for key, said in named if content["numbers"][key]
    ]


def lines(text: str) -> list[str]:
    """The paragraphs of what somebody wrote."""
    return [line for line in text.splitlines() if line.strip()]
