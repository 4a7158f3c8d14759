"""Lines and rows of notes, photos and concerns for the test that asks every route as every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from attendance_routes import Rows as Classes
from PIL import Image
from sqlmodel import Session, select

from registry import clock
from registry.accounts.tables import Account
from registry.db import session_scope
from registry.families.tables import Child
from registry.growth.files import put_picture
from registry.growth.tables import Observation, Photo, SafeguardingConcern
from registry.programme import ClassRun

Params = dict[str, Any]


class Rows:
    """Makes a note, a photo or a concern of a class of today, for the role that asks."""

    def __init__(self, classes: Classes) -> None:
        self.classes = classes

    def own(self, world: Any, role: str) -> Params:
        """A class that the role looks after today."""
        return self.classes.own(world, role)

    def note(self, world: Any, role: str) -> Params:
        """A note that waits, in such a class, written by whoever asks."""
        return self._with(world, self.classes.own(world, role), world.ids.get(role))

    def others_note(self, world: Any, role: str) -> Params:
        """A note of a class of a site that nobody here coordinates."""
        return self._with(world, self.classes.foreign(world, role), None)

    def _with(self, world: Any, path: Params, author: int | None) -> Params:
        with session_scope(world.engine) as session:
            run = session.get_one(ClassRun, path["class_run_id"])
            somebody = session.exec(select(Account.id).order_by("id")).first() or 0
            photo = self._photo(session, run, author or somebody, next(world.numbers))
            made = Observation(
                class_run_id=run.id or 0, day=clock.today(), author_id=author or somebody,
                request_key=f"route-{next(world.numbers)}", domain="moral", seen="x", status="submitted",
                created_at=clock.now(), changed_at=clock.now(),
            )  # fmt: skip
            session.add(made)
            session.flush()
            return {**path, "note_id": made.id, "photo_id": photo}

    def _photo(self, session: Session, run: ClassRun, author: int, number: int) -> int:
        written = BytesIO()
        Image.new("RGB", (4, 4)).save(written, "JPEG")
        kept = put_picture(written.getvalue())
        made = Photo(
            class_run_id=run.id or 0, day=clock.today(), uploaded_by=author, request_key=f"route-{number}",
            kind="moment", file=kept.file, secret=kept.secret, digest="", width=4, height=4, created_at=clock.now(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id or 0

    def concern(self, world: Any, _role: str) -> Params:
        """A concern."""
        path = self.classes.foreign(world, _role)
        with session_scope(world.engine) as session:
            child = Child(name="x", sex="female", born_on=date(2019, 3, 1), entry_year=2025, school="",
                          created_at=clock.now(), changed_at=clock.now())  # fmt: skip
            session.add(child)
            session.flush()
            made = SafeguardingConcern(
                child_id=child.id or 0, class_run_id=path["class_run_id"], child_name="x", words="x", at=clock.now(),
                reported_by=session.exec(select(Account.id)).first() or 0,
            )  # fmt: skip
            session.add(made)
            session.flush()
            return {"concern_id": made.id}


def notes_lines(
    For: Callable[..., Any], lead: str, volunteer: str, coordinator: str, elsewhere: str, office: str
) -> dict[str, Any]:
    """Who is there writes, who answers for the class reviews, the office alone reads concerns."""
    rows = Rows(Classes(lead, volunteer, elsewhere))
    review = (lead, coordinator, elsewhere)
    write = (volunteer, *review)

    def here(allowed: tuple[str, ...] = write, **more: Any) -> Any:
        return For(allowed, rows.own, foreign=rows.classes.foreign, **more)

    def note(allowed: tuple[str, ...] = review, **more: Any) -> Any:
        return For(allowed, rows.note, foreign=rows.others_note, **more)

    lines: dict[str, Any] = {}
    for prefix in ("", "/api/v1"):
        own = f"{prefix}/notes/classes/{{class_run_id}}/{{day}}"
        lines |= {
            f"GET {own}": here(),
            f"POST {own}": here(json=_note() if prefix else None),
            f"GET {prefix}/notes/review/{{class_run_id}}": here(review),
            f"POST {prefix}/notes/review/{{class_run_id}}/release": here(review),
            f"GET {prefix}/notes/coverage/{{class_run_id}}": here(review),
            f"GET {prefix}/notes/photos/{{class_run_id}}": here(review),
            f"GET {prefix}/photos/{{photo_id}}": note(write, others_get="404"),
        }
    return lines | _pages(For, rows, write, here, note, office) | _interface(For, rows, write, here, note, office)


def _note() -> Params:
    return {"children": [1], "seen": "x", "domain": "moral", "key": "route-key"}


def _pages(For: Any, rows: Rows, write: Any, here: Any, note: Any, office: str) -> dict[str, Any]:
    own = "/notes/classes/{class_run_id}/{day}"
    return {
        "GET /notes": For(write),
        f"POST {own}/photos": here(),
        f"GET {own}/concern": here(),
        f"POST {own}/concern": here(),
        "GET /notes/own/{note_id}": note(write),
        "POST /notes/own/{note_id}": note(write),
        "POST /notes/own/{note_id}/drop": note(write),
        "POST /notes/{note_id}/review": note(body={"then": "release", "seen": "x", "domain": "moral"}),
        "POST /photos/{photo_id}": note(body={"then": "discard"}),
        "GET /office/concerns": For((office,)),
        "POST /office/concerns/{concern_id}": For((office,), rows.concern),
        "POST /office/concerns/{concern_id}/outcome": For((office,), rows.concern, body={"outcome": "x"}),
    }


def _interface(For: Any, rows: Rows, write: Any, here: Any, note: Any, office: str) -> dict[str, Any]:
    own = "/api/v1/notes/classes/{class_run_id}/{day}"
    text = {"seen": "x", "domain": "moral"}
    return {
        "GET /api/v1/notes/classes": For(write),
        f"POST {own}/check": here(json={"children": [1], **text}),
        f"POST {own}/photos": here(),
        f"POST {own}/concerns": here(json={"child_id": 1, "words": "x"}),
        "GET /api/v1/notes/own": For(write),
        "PUT /api/v1/notes/own/{note_id}": note(write, json={"children": [1], **text}),
        "DELETE /api/v1/notes/own/{note_id}": note(write),
        "PUT /api/v1/notes/{note_id}": note(json=text),
        "POST /api/v1/notes/{note_id}/release": note(json={}),
        "POST /api/v1/notes/{note_id}/return": note(json={"words": "x"}),
        "PUT /api/v1/photos/{photo_id}": note(json={"kind": "moment", "children": []}),
        "POST /api/v1/photos/{photo_id}/release": note(),
        "DELETE /api/v1/photos/{photo_id}": note(),
        "GET /api/v1/concerns": For((office,)),
        "POST /api/v1/concerns/{concern_id}/open": For((office,), rows.concern),
        "POST /api/v1/concerns/{concern_id}/outcome": For((office,), rows.concern, json={"words": "x"}),
    }
