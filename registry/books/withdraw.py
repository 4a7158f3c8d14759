"""What withdrawing consent, or erasing a child, does to books: photos go out of released ones, their PDFs are gone.

It knows tables alone, so that whoever keeps consents can call it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, delete, select

from registry import clock
from registry.books.files import forget_pdf, sweep
from registry.books.tables import Book, BookEdit, GuardianFeedback, GuardianReply
from registry.growth.tables import Photo, PhotoChild

Content = dict[str, Any]


def photos_in(content: Content) -> set[int]:
    """The numbers of the photos that a book shows."""
    found = {one["id"] for name in ("photos", "works") for one in content.get(name, [])}
    found |= {moment["photo"]["id"] for moment in content.get("moments", []) if moment["photo"]}
    return found | {one["id"] for week in content.get("weeks", []) for one in week["photos"]}


def without_photos(content: Content, barred: Collection[int]) -> Content:
    """The same book without these photos."""

    def kept(photos: list[Content]) -> list[Content]:
        return [one for one in photos if one["id"] not in barred]

    changed = dict(content)
    for name in ("photos", "works"):
        if name in content:
            changed[name] = kept(content[name])
    if "moments" in content:
        changed["moments"] = [
            {**one, "photo": None} if one["photo"] and one["photo"]["id"] in barred else one
            for one in content["moments"]
        ]
    if "weeks" in content:
        changed["weeks"] = [{**week, "photos": kept(week["photos"])} for week in content["weeks"]]
    return changed


def leave_out_child(session: Session, child_id: int) -> int:
    """Rebuild every book that shows a photo in which the child can be recognised, without it. Answers how many books.

    Called when the consent to photos is withdrawn: released books change at once, stored PDFs can no longer be read,
    and those of books that are not released are made anew when somebody asks.
    """
    photos = set(session.exec(select(PhotoChild.photo_id).where(PhotoChild.child_id == child_id)))
    return leave_out_photos(session, photos)


def leave_out_photos(session: Session, photos: Collection[int]) -> int:
    """Rebuild every book that shows one of the photos, without them. Answers how many released books that were."""
    runs = set(session.exec(select(Photo.class_run_id).where(col(Photo.id).in_(sorted(photos)))))
    rebuilt = 0
    for book in session.exec(select(Book).where(col(Book.class_run_id).in_(sorted(runs)))):
        if book.content is not None and photos_in(book.content).isdisjoint(photos):
            continue
        if book.content is not None:
            book.content, book.rebuilt_at = without_photos(book.content, photos), clock.now()
            rebuilt += 1
        forget_pdf(book)
        session.add(book)
    session.flush()
    return rebuilt


def erase_books(session: Session, child_id: int) -> None:
    """Delete everything in books about a child: its handbooks with their history and PDFs, feedback, answers; photos
    with it go out of all other books."""
    leave_out_child(session, child_id)
    mine = list(session.exec(select(Book.id).where(Book.child_id == child_id)))
    session.execute(delete(BookEdit).where(col(BookEdit.book_id).in_(mine)))
    for table in (Book, GuardianFeedback, GuardianReply):
        session.execute(delete(table).where(col(table.child_id) == child_id))
    session.flush()


def sweep_books(session: Session) -> int:
    """Remove the files that no book has any more, and that are older than a day."""
    kept = set(session.exec(select(Book.pdf_file).where(Book.pdf_file != "")))
    return sweep(kept, (clock.now() - timedelta(days=1)).timestamp())
