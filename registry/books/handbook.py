"""The contents of a child's handbook (成长手册), made of what is known. Nothing is praised: nobody's words are made up.

The contents are JSON: codes, dates as text, words that people wrote; the page and the sheet say the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from registry.attendance.figures import CAME, EXCUSED
from registry.books.facts import ClassFacts
from registry.books.selection import (
    MOST_PHOTOS,
    LeftOut,
    Why,
    moments_by_rule,
    names_other_child,
    photo_left_out,
)
from registry.books.tables import Book
from registry.clock import SHANGHAI
from registry.conventions.grades import grade_on
from registry.families.tables import Child
from registry.growth.tables import Observation, Photo

Content = dict[str, Any]
SECTIONS = ("about", "can", "friends", "own", "letter")
"""What may be written by hand, beside the facts: 认识我, 我会做的事, 伙伴的话, 我的话, 志愿者给我的信."""
ENOUGH_NOTES = 3
"""With fewer notes no map of interests is drawn: two points are no picture of a child."""


def content_digest(content: Mapping[str, Any]) -> str:
    """What a book says, as one number: the same contents have the same."""
    told = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def usable_notes(facts: ClassFacts, child: Child) -> tuple[list[Observation], list[LeftOut]]:
    """The released notes about a child, without those that name another child."""
    kept, left = [], []
    for note in facts.notes.get(child.id or 0, ()):
        texts = (note.seen, note.understood, note.support)
        named = names_other_child(texts, [child.name], facts.others(child.id or 0))
        if named:
            left.append(LeftOut("note", note.id or 0, Why.NAMES_CHILD, named))
        else:
            kept.append(note)
    return kept, left


def usable_photos(facts: ClassFacts, photos: Iterable[Photo], child: Child | None) -> tuple[list[Photo], list[LeftOut]]:
    """Photos that may be shown, and the others with the reason. A caption that names another child hides its photo;
    in a class's book (`child` None) any child's name does."""
    own = [child.name] if child else []
    others = facts.others(child.id or 0) if child else [one.name for one in facts.children]
    kept, left = [], []
    for photo in photos:
        against = photo_left_out(photo, facts.shown.get(photo.id or 0, frozenset()), facts.consents)
        named = names_other_child([photo.caption], own, others)
        if against is None and named:
            against = LeftOut("photo", photo.id or 0, Why.NAMES_CHILD, named)
        if against is None:
            kept.append(photo)
        else:
            left.append(against)
    return kept, left


def handbook(facts: ClassFacts, child: Child, book: Book | None) -> tuple[Content, list[LeftOut]]:
    """The book as it would be released now, and what is not in it and why."""
    notes, notes_left = usable_notes(facts, child)
    photos, photos_left = usable_photos(facts, facts.photos_of(child.id or 0), child)
    beside_notes, others_left = usable_photos(facts, facts.photos_beside(child.id or 0), child)
    chosen = _chosen(notes, book.notes) if book and book.notes is not None else moments_by_rule(notes)
    allowed = {photo.id or 0: photo for photo in beside_notes}
    beside = {note.photo_id for note in chosen if note.photo_id in allowed}
    pictures = _pictures(photos, book, beside)
    texts = book.texts if book else {}
    return {
        "kind": "handbook",
        **cover_of(facts),
        "child": {"name": child.name, "grade": grade_on(child.entry_year, facts.term.ends_on)},
        "leads": list(facts.leads),
        "attendance": _attendance(facts, child),
        "courses": courses_of(facts, child),
        "moments": [_moment(facts, note, allowed) for note in chosen],
        "map": _map(facts, child, notes),
        "works": [picture(p) for p in pictures if p.kind == "work"],
        "photos": [picture(p) for p in pictures if p.kind != "work"],
        "can": [*_can(notes), *({"text": line} for line in texts.get("can", "").splitlines() if line.strip())],
        **{name: texts.get(name, "") for name in SECTIONS if name != "can"},
        "feedback": feedback_of(facts, child),
        "replies": replies_of(facts, child),
    }, list(dict.fromkeys([*notes_left, *photos_left, *others_left]))


def day_in_shanghai(moment: datetime) -> str:
    """The day of a moment, as it stands in a book."""
    return moment.astimezone(SHANGHAI).date().isoformat()


def cover_of(facts: ClassFacts) -> Content:
    """Which class, where and when."""
    return {
        "class_run": facts.run.name,
        "site": facts.site.name,
        "term": facts.term.name,
        "year": facts.term.year,
        "first": facts.term.starts_on.isoformat(),
        "last": facts.term.ends_on.isoformat(),
    }


def picture(photo: Photo) -> Content:
    """A photo as it stands in a book."""
    return {
        "id": photo.id, "digest": photo.digest, "width": photo.width, "height": photo.height,
        "caption": photo.caption, "day": photo.day.isoformat(),
    }  # fmt: skip


def _chosen(notes: list[Observation], wanted: list[int]) -> list[Observation]:
    known = {note.id: note for note in notes}
    return [known[number] for number in wanted if number in known]


def _pictures(photos: list[Photo], book: Book | None, beside: Collection[int | None]) -> list[Photo]:
    if book is not None and book.photos is not None:
        known = {photo.id: photo for photo in photos}
        return [known[number] for number in book.photos if number in known][:MOST_PHOTOS]
    return [photo for photo in photos if photo.id not in beside][:MOST_PHOTOS]


def _attendance(facts: ClassFacts, child: Child) -> Content:
    days = facts.days.get(child.id or 0, ())
    return {
        "held": len(days),
        "came": sum(day.state == CAME for day in days),
        "excused": sum(day.state == EXCUSED for day in days),
        "days": [[day.day.isoformat(), day.state] for day in days],
    }


def courses_of(facts: ClassFacts, child: Child | None) -> list[Content]:
    """The courses that the class had on the days on which the child came; those of the class for None. Where no
    attendance was kept at all, a child's are the class's."""
    came = {day.day for day in facts.days.get(child.id or 0, ()) if day.state == CAME} if child else None
    days: dict[int, list[str]] = defaultdict(list)
    for lesson in facts.lessons:
        if not came or lesson.day in came:
            days[lesson.course_id].append(lesson.day.isoformat())
    found = [
        {"name": facts.courses[number].name, "domain": facts.courses[number].domain, "days": those}
        for number, those in days.items()
    ]
    return sorted(found, key=lambda course: (-len(course["days"]), course["days"][0], course["name"]))


def _moment(facts: ClassFacts, note: Observation, allowed: Mapping[int, Photo]) -> Content:
    photo = allowed.get(note.photo_id or 0)
    course = facts.courses.get(note.course_id or 0)
    return {
        "id": note.id, "day": note.day.isoformat(), "domain": note.domain, "course": course.name if course else "",
        "seen": note.seen, "understood": note.understood, "support": note.support,
        "photo": picture(photo) if photo else None,
    }  # fmt: skip


def _map(facts: ClassFacts, child: Child, notes: list[Observation]) -> Content | None:
    """Where the child was seen, day by day and domain by domain, over what the class offered on the days it came."""
    if len(notes) < ENOUGH_NOTES:
        return None
    offered = [
        [day, course["domain"]] for course in courses_of(facts, child) for day in course["days"]
        if course["domain"] != "safety"
    ]  # fmt: skip
    return {"seen": [[note.day.isoformat(), note.domain] for note in notes], "offered": sorted(offered)}


def _can(notes: list[Observation]) -> list[Content]:
    return [{"phrase": code} for code in dict.fromkeys(note.phrase for note in notes if note.phrase)]


def feedback_of(facts: ClassFacts, child: Child) -> list[Content]:
    """What was told to the guardians about the child, in order of time."""
    return [
        {
            "id": row.id, "day": day_in_shanghai(row.written_at), "by": author, "strengths": row.strengths,
            "interests": row.interests, "suggestion": row.suggestion,
        }
        for row, author in facts.feedback.get(child.id or 0, ())
    ]  # fmt: skip


def replies_of(facts: ClassFacts, child: Child) -> list[Content]:
    """What they answered."""
    return [
        {"day": day_in_shanghai(row.at), "by": relation, "words": row.said}
        for row, relation in facts.replies.get(child.id or 0, ())
    ]
