"""A class on a day with those who write about its children, and pictures as phones take them."""

from __future__ import annotations

from io import BytesIO
from itertools import count

from PIL import Image
from rolls import Roll

from registry import clock
from registry.accounts.permissions import Actor
from registry.growth.photos import PhotoInput, store_photo
from registry.growth.tables import Observation, Photo
from registry.growth.writing import NoteInput, Written, write_note
from registry.privacy.consents import texts_now
from registry.privacy.tables import ConsentItem, ConsentRecord

BRIDGE = "纸桥塌了两次，第三次把纸折成波浪，桥站住了"
_keys = count()


def new_key() -> str:
    """As a phone makes one."""
    return f"test-key-{next(_keys):06d}"


def jpeg(width: int = 60, height: int = 40, colour: str = "teal", *, turned: bool = False) -> bytes:
    """A photo with all that a camera writes into one: a place, a device, a comment; `turned` by a quarter."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera of a parent", 6 if turned else 1
    exif.get_ifd(0x8825)[2] = (29.0, 33.0, 0.0)
    written = BytesIO()
    Image.new("RGB", (width, height), colour).save(written, "JPEG", exif=exif, comment=b"taken at home")
    return written.getvalue()


class Notebook(Roll):
    """The roll of a class, and notes about its children by somebody on duty that morning (`helper`)."""

    helper: Actor

    def with_helper(self) -> Notebook:
        """The same, with somebody on duty."""
        self.helper = self.volunteer()
        return self

    def write(self, seen: str = BRIDGE, actor: Actor | None = None, **more: object) -> Written:
        """A note about the child in the domain of the intellect."""
        given = {"child_ids": (self.child,), "seen": seen, "domain": "intellect", **more}
        key, who = str(given.pop("key", "")) or new_key(), actor or self.helper
        return write_note(self.session, who, self.run, self.day, key, NoteInput(**given))  # type: ignore[arg-type]

    def note(self, seen: str = BRIDGE, actor: Actor | None = None, **more: object) -> Observation:
        """A note that was stored."""
        found = self.write(seen, actor, **more).note
        assert found is not None
        return found

    def photo(self, actor: Actor | None = None, **more: object) -> Photo:
        """A photo of the child."""
        given = {"data": jpeg(), "child_ids": (self.child,), **more}
        key = str(given.pop("key", "")) or new_key()
        return store_photo(self.session, actor or self.helper, self.run, self.day, key, PhotoInput(**given))  # type: ignore[arg-type]

    def answer_photos(self, child_id: int, *, is_given: bool) -> None:
        """A guardian answers about photos in the books of the class."""
        text = texts_now(self.session)[ConsentItem.CLASS_PHOTO]
        self.session.add(
            ConsentRecord(
                child_id=child_id, guardian_id=self.home.parent.guardian_id or 0, item=ConsentItem.CLASS_PHOTO.value,
                text_id=text.id or 0, text_digest=text.digest, is_given=is_given, at=clock.now(),
            )
        )  # fmt: skip
        self.session.flush()
