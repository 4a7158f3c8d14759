"""Lines and rows of books for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attendance_routes import Rows
from keepsakes import PICTURE
from seasons import LONG_AGO
from sqlmodel import Session, select

from registry.books.facts import class_facts
from registry.books.opening import book_of, contents, new_book
from registry.books.tables import BookBatch, BookStatus, GuardianFeedback
from registry.db import session_scope
from registry.enrolment.tables import Application, Place
from registry.families.tables import Child, Guardianship
from registry.growth.files import put_picture
from registry.growth.tables import Photo
from registry.programme import ClassRun, Term

Params = dict[str, Any]
MADE = "/books/{class_run_id}/{which}"
CHILD = "/feedback/{class_run_id}/{child_id}"
READ = "/children/{child_id}/books/{class_run_id}/{kind}"


class BookRows(Rows):
    """A class of today with a released memory book and one photo in it; a child of it with a released handbook."""

    def made(self, world: Any, role: str) -> Params:
        """A class of the role's."""
        return self._with_photo(world, self.own(world, role))

    def others(self, world: Any, role: str) -> Params:
        """A class of a site that nobody here coordinates."""
        return self._with_photo(world, self.foreign(world, role))

    def _with_photo(self, world: Any, path: Params) -> Params:
        with session_scope(world.engine) as session:
            run = session.get_one(ClassRun, path["class_run_id"])
            photo = _photo(session, run, world.ids[self.lead])
            _released(session, run, None)
            return {**path, "which": "class", "photo_id": photo.id}

    def noted(self, world: Any, role: str) -> Params:
        """A child of a class of the role's, with feedback that waits."""
        return self._noted(world, self.own(world, role), role)

    def others_noted(self, world: Any, role: str) -> Params:
        """The same in a class of a site that nobody here coordinates."""
        return self._noted(world, self.foreign(world, role), self.lead)

    def _noted(self, world: Any, path: Params, role: str) -> Params:
        child_id = int(world.families.foreign()["child_id"])
        with session_scope(world.engine) as session:
            run = session.get_one(ClassRun, path["class_run_id"])
            in_class = select(Place.id).where(Place.class_run_id == run.id)
            is_placed = session.exec(in_class).first() is not None
        round_id = 0 if is_placed else world.round()
        with session_scope(world.engine) as session:
            run = session.get_one(ClassRun, path["class_run_id"])
            if not is_placed:
                _place(session, run, session.get_one(Child, child_id), round_id)
            author = world.ids.get(role) or world.ids[self.lead]
            made = GuardianFeedback(class_run_id=run.id or 0, child_id=child_id, author_id=author, strengths="x",
                                    written_at=LONG_AGO, changed_at=LONG_AGO)  # fmt: skip
            session.add(made)
            session.flush()
            return {**path, "child_id": child_id, "feedback_id": made.id}

    def batch(self, world: Any, role: str) -> Params:
        """A batch of a site of the role's that is being made."""
        return self._batch(world, int(self.own(world, role)["site_id"]))

    def others_batch(self, world: Any, _role: str) -> Params:
        """A batch of the whole district."""
        return self._batch(world, None)

    def _batch(self, world: Any, site_id: int | None) -> Params:
        with session_scope(world.engine) as session:
            made = BookBatch(status="running", asked_at=LONG_AGO, site_id=site_id)
            session.add(made)
            session.flush()
            return {"batch_id": made.id}

    def read(self, world: Any, child_id: int) -> Params:
        """A child with a place in a class, whose books are released."""
        with session_scope(world.engine) as session:
            is_placed = session.exec(select(Application.id).where(Application.child_id == child_id)).first() is not None
        round_id = 0 if is_placed else world.round()
        with session_scope(world.engine) as session:
            run = self._run(session, "甲点位", "有册子")
            child = session.get_one(Child, child_id)
            if not is_placed:
                _place(session, run, child, round_id)
            photo = _photo(session, run, world.ids[self.lead])
            for one in (child, None):
                _released(session, run, one)
            return {"child_id": child_id, "class_run_id": run.id, "kind": "memoir", "photo_id": photo.id}


def _photo(session: Session, run: ClassRun, account_id: int) -> Photo:
    found = session.exec(select(Photo).where(Photo.class_run_id == run.id)).first()
    if found is not None:
        return found
    stored = put_picture(PICTURE)
    made = Photo(
        class_run_id=run.id or 0, day=session.get_one(Term, run.term_id).starts_on, uploaded_by=account_id,
        request_key=f"request {run.id}", kind="moment", file=stored.file, secret=stored.secret, digest="0" * 64,
        width=4, height=3, created_at=LONG_AGO, released_at=LONG_AGO,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _released(session: Session, run: ClassRun, child: Child | None) -> None:
    book = new_book(run.id or 0, child.id if child else None)
    if book_of(session, run.id or 0, book.child_id) is None:
        book.content, book.status = contents(class_facts(session, run.id or 0), child, None)[0], BookStatus.RELEASED
        book.released_at = LONG_AGO
        session.add(book)
        session.flush()


def _place(session: Session, run: ClassRun, child: Child, round_id: int) -> None:
    guardian = session.exec(select(Guardianship.guardian_id).where(Guardianship.child_id == child.id)).first()
    mine = Application(
        number=f"B{round_id:07d}", draw_name=f"book {round_id}", round_id=round_id, child_id=child.id or 0,
        guardian_id=guardian or 0, weekdays=[1, 2, 3, 4, 5], created_at=LONG_AGO, changed_at=LONG_AGO,
        status="confirmed",
    )  # fmt: skip
    session.add(mine)
    session.flush()
    session.add(
        Place(application_id=mine.id or 0, class_run_id=run.id or 0, rank=1, source="draw", status="confirmed",
              offered_at=LONG_AGO)
    )  # fmt: skip
    session.flush()


V1, SHELF = "/api/v1", "/children/{child_id}/books"
Line = Callable[..., Any]


def books_lines(
    For: Line, lead: str, volunteer: str, coordinator: str, elsewhere: str, guardian: str, office: str
) -> dict[str, Any]:
    """Makers are the lead and coordinators; families read; who was on duty writes feedback too."""
    rows = BookRows(lead, volunteer, elsewhere)
    makers = (lead, coordinator, elsewhere)

    def own(world: Any, role: str) -> Params:
        child = world.families.own(world.ids[guardian], is_new=role == guardian)
        return rows.read(world, int(child["child_id"]))

    def foreign(world: Any, _role: str) -> Params:
        return rows.read(world, int(world.families.foreign()["child_id"]))

    def made(**more: Any) -> Any:
        return For(makers, rows.made, foreign=rows.others, **more)

    def read(**more: Any) -> Any:
        return For((guardian,), own, foreign=foreign, others_get="404", **more)

    return {
        "GET /books": For(makers),
        **_made(made),
        **_read(read),
        **_feedback(For, rows, makers, volunteer),
        **_batches(For, rows, (coordinator, elsewhere, office), office),
    }


def _made(made: Line) -> dict[str, Any]:
    return {
        "GET /books/{class_run_id}": made(),
        "GET /books/{class_run_id}/photos/{photo_id}": made(),
        f"GET {MADE}": made(),
        f"GET {MADE}/preview": made(),
        f"GET {MADE}/book.pdf": made(),
        f"POST {MADE}/texts": made(body={"opening": "你好"}),
        f"POST {MADE}/choice": made(body={"by_rule": "yes"}),
        f"POST {MADE}/release": made(),
        f"POST {MADE}/take-back": made(),
        f"GET {V1}/books/{{class_run_id}}": made(),
        f"GET {V1}/books/{{class_run_id}}/photos/{{photo_id}}": made(),
        f"GET {V1}{MADE}": made(),
        f"GET {V1}{MADE}/book.pdf": made(),
        f"PUT {V1}{MADE}/texts": made(json={"texts": {"opening": "你好"}}),
        f"PUT {V1}{MADE}/choice": made(json={}),
        f"POST {V1}{MADE}/release": made(),
        f"POST {V1}{MADE}/take-back": made(),
    }


def _read(read: Line) -> dict[str, Any]:
    pages = "/family" + READ
    return {
        f"GET /family{SHELF}": read(),
        f"GET {pages}": read(),
        f"GET {pages}/book.pdf": read(),
        f"GET {pages}/photos/{{photo_id}}": read(),
        f"POST /family{SHELF}/{{class_run_id}}/reply": read(body={"words": "谢谢"}),
        f"GET /family{SHELF}/{{class_run_id}}/feedback": read(),
        f"POST /family{SHELF}/{{class_run_id}}/feedback": read(body={"words": "谢谢"}),
        f"GET {V1}{SHELF}": read(),
        f"GET {V1}{SHELF}/{{class_run_id}}/feedback": read(),
        f"GET {V1}{READ}": read(),
        f"GET {V1}{READ}/book.pdf": read(),
        f"GET {V1}{READ}/photos/{{photo_id}}": read(),
        f"POST {V1}{SHELF}/{{class_run_id}}/replies": read(json={"words": "谢谢"}),
    }


def _feedback(For: Line, rows: BookRows, makers: tuple[str, ...], volunteer: str) -> dict[str, Any]:
    writers = (*makers, volunteer)

    def noted(allowed: tuple[str, ...] = writers, **more: Any) -> Any:
        return For(allowed, rows.noted, foreign=rows.others_noted, **more)

    return {
        "GET /feedback": For(writers),
        "GET /feedback/{class_run_id}": noted(),
        f"GET {CHILD}": noted(),
        f"POST {CHILD}": noted(body={"strengths": "愿意动手试"}),
        f"POST {CHILD}/{{feedback_id}}": noted(body={"strengths": "愿意再试"}),
        f"POST {CHILD}/{{feedback_id}}/release": noted(makers),
        f"POST {CHILD}/{{feedback_id}}/drop": noted(),
        f"GET {V1}/books/{{class_run_id}}/{{child_id}}/feedback": noted(),
        f"POST {V1}/books/{{class_run_id}}/{{child_id}}/feedback": noted(json={"strengths": "愿意动手试"}),
        f"PUT {V1}/books/feedback/{{feedback_id}}": noted(json={"strengths": "愿意再试"}),
        f"POST {V1}/books/feedback/{{feedback_id}}/release": noted(makers),
        f"DELETE {V1}/books/feedback/{{feedback_id}}": noted(),
    }


def _batches(For: Line, rows: BookRows, runners: tuple[str, ...], office: str) -> dict[str, Any]:
    def run(**more: Any) -> Any:
        return For(runners, rows.batch, foreign=rows.others_batch, anywhere=(office,), **more)

    return {
        "GET /office/books": For(runners),
        "POST /office/books": For((office,), body={"site_id": ""}),
        "POST /office/books/{batch_id}/cancel": run(),
        f"GET {V1}/office/books": For(runners),
        f"POST {V1}/office/books": For((office,), json={}),
        f"GET {V1}/office/books/{{batch_id}}": run(),
        f"POST {V1}/office/books/{{batch_id}}/cancel": run(),
    }
