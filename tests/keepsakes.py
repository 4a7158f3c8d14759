"""A class with notes, photos and a timetable, for tests of handbooks and memory books."""

from __future__ import annotations

from datetime import time, timedelta
from itertools import count

import pytest
from rolls import Roll
from sqlmodel import Session

from registry import clock
from registry.accounts.permissions import Actor
from registry.attendance.states import Mark
from registry.books.tables import GuardianFeedback
from registry.duties.tables import RosteredLesson, RosterVersion
from registry.families.tables import Child
from registry.growth.files import put_picture
from registry.growth.tables import NoteStatus, Observation, ObservationChild, Photo, PhotoChild
from registry.programme import Course

_numbers = count(1)
PICTURE = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c"
    "1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc4001f000001050101010101"
    "0100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d01020300041105122131410613516107"
    "227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a"
    "636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7"
    "c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f00fbd2a0ffd9"
)
"""The smallest JPEG: one grey point."""


class Shelf(Roll):
    """The class of `Roll`, in which a lesson was given and the child was there on the first day."""

    def __init__(self, session: Session, patch: pytest.MonkeyPatch) -> None:
        super().__init__(session, patch)
        self.parent: Actor = self.home.parent
        self.course = Course(name="科学小实验", domain="intellect", grade_low=1, grade_high=2)
        helper = self.volunteer()
        version = RosterVersion(week=self.day, number=900, problem_json={}, roster_json={}, seed=1, software="x",
                                published_at=clock.now())  # fmt: skip
        session.add_all([self.course, version])
        session.flush()
        session.add(
            RosteredLesson(version_id=version.id or 0, day=self.day, slot=3, starts_at=time(10, 50),
                           ends_at=time(11, 40), class_run_id=self.run,
                           volunteer_id=helper.volunteer_id or 0, course_id=self.course.id or 0)
        )  # fmt: skip
        session.flush()
        self.mark(Mark.CHECK_IN)

    def note(
        self, seen: str = "把三个杯子排成一行", *children: int, domain: str = "intellect", days: int = 0,
        photo: int | None = None, status: str = NoteStatus.RELEASED.value, phrase: str | None = None,
    ) -> int:  # fmt: skip
        """A note about the child, or others."""
        made = Observation(
            class_run_id=self.run, day=self.day + timedelta(days=days), author_id=self.lead.account_id,
            request_key=f"request-{next(_numbers)}", domain=domain, seen=seen, status=status, warnings=[],
            photo_id=photo, course_id=self.course.id, phrase=phrase, created_at=clock.now(), changed_at=clock.now(),
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        self.session.add_all(
            ObservationChild(observation_id=made.id or 0, child_id=one) for one in children or (self.child,)
        )
        self.session.flush()
        return made.id or 0

    def photo(self, *children: int, kind: str = "moment", caption: str = "", is_released: bool = True) -> int:
        """A photo in which these children can be recognised."""
        stored = put_picture(PICTURE)
        made = Photo(
            class_run_id=self.run, day=self.day, uploaded_by=self.lead.account_id, kind=kind, caption=caption,
            request_key=f"request-{next(_numbers)}", file=stored.file, secret=stored.secret, digest="0" * 64, width=4,
            height=3, created_at=clock.now(), released_at=clock.now() if is_released else None,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        self.session.add_all(PhotoChild(photo_id=made.id or 0, child_id=one) for one in children)
        self.session.flush()
        return made.id or 0

    def feedback(self, strengths: str = "愿意动手试") -> GuardianFeedback:
        """Feedback that was released."""
        made = GuardianFeedback(
            class_run_id=self.run, child_id=self.child, author_id=self.lead.account_id, written_at=clock.now(),
            changed_at=clock.now(), strengths=strengths, released_at=clock.now(),
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        return made

    def name(self, child: int) -> str:
        """A child's name."""
        return self.session.get_one(Child, child).name
