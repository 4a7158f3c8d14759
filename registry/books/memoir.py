"""The contents of a class's memory book (班级回忆录): the story by week, the timetable, photos, works, numbers.

No child is named or appraised; a photo is in it only where everybody who can be recognised has a yes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from registry.attendance.figures import CAME
from registry.books.facts import ClassFacts
from registry.books.handbook import Content, courses_of, cover_of, picture, usable_photos
from registry.books.selection import MOST_MEMOIR_PHOTOS, LeftOut
from registry.books.tables import Book
from registry.growth.tables import Photo

OPENING, VOLUNTEERS, CLOSING, WEEK = "opening", "volunteers", "closing", "week-"
"""Sections that are written by hand: 开篇, 志愿者的话, 结尾, and a story for each week, `week-2026-07-06`."""


def memoir_sections(facts: ClassFacts) -> tuple[str, ...]:
    """The sections that may be written by hand, in their order."""
    return (OPENING, *(WEEK + monday.isoformat() for monday in mondays(facts)), VOLUNTEERS, CLOSING)


def mondays(facts: ClassFacts) -> list[date]:
    """The weeks of the term, each by its Monday."""
    first = facts.term.starts_on - timedelta(days=facts.term.starts_on.weekday())
    return [first + timedelta(days=7 * n) for n in range((facts.term.ends_on - first).days // 7 + 1)]


def memoir(facts: ClassFacts, book: Book | None) -> tuple[Content, list[LeftOut]]:
    """The book as it would be released now, and what is not in it and why."""
    photos, left = usable_photos(facts, facts.photos.values(), None)
    shown = _chosen(photos, book)
    texts = book.texts if book else {}
    works = [photo for photo in shown if photo.kind == "work"]
    return {
        "kind": "memoir",
        **cover_of(facts),
        "leads": list(facts.leads),
        "helpers": list(facts.volunteers),
        **{name: texts.get(name, "") for name in (OPENING, VOLUNTEERS, CLOSING)},
        "weeks": _weeks(facts, texts, [photo for photo in shown if photo.kind != "work"]),
        "courses": courses_of(facts, None),
        "works": [picture(photo) for photo in works],
        "numbers": _numbers(facts),
    }, left


def _chosen(photos: list[Photo], book: Book | None) -> list[Photo]:
    if book is not None and book.photos is not None:
        known = {photo.id: photo for photo in photos}
        return [known[number] for number in book.photos if number in known][:MOST_MEMOIR_PHOTOS]
    if len(photos) <= MOST_MEMOIR_PHOTOS:
        return photos
    return [photos[n * len(photos) // MOST_MEMOIR_PHOTOS] for n in range(MOST_MEMOIR_PHOTOS)]


def _weeks(facts: ClassFacts, texts: Mapping[str, str], photos: Iterable[Photo]) -> list[Content]:
    by_week: dict[date, list[Photo]] = defaultdict(list)
    for photo in photos:
        by_week[photo.day - timedelta(days=photo.day.weekday())].append(photo)
    return [
        {
            "monday": monday.isoformat(),
            "text": texts.get(WEEK + monday.isoformat(), ""),
            "days": _days(facts, monday),
            "photos": [picture(photo) for photo in by_week.get(monday, [])],
        }
        for monday in mondays(facts)
    ]


def _days(facts: ClassFacts, monday: date) -> list[Content]:
    found: dict[date, list[Content]] = defaultdict(list)
    for lesson in facts.lessons:
        if monday <= lesson.day < monday + timedelta(days=7):
            course = facts.courses[lesson.course_id]
            found[lesson.day].append({"course": course.name, "domain": course.domain})
    return [{"day": day.isoformat(), "lessons": lessons} for day, lessons in sorted(found.items())]


def _numbers(facts: ClassFacts) -> Content:
    came = [day.day for days in facts.days.values() for day in days if day.state == CAME]
    return {
        "children": len(facts.children),
        "attendances": len(came),
        "days": len(set(came) | {lesson.day for lesson in facts.lessons}),
        "lessons": len(facts.lessons),
        "courses": len({lesson.course_id for lesson in facts.lessons}),
        "volunteers": len(facts.leads) + len(facts.volunteers),
    }
