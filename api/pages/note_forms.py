"""Reading the form of a note: several children, words, a photo; and what was entered, put back into the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from api.pages.reading import number, shown
from registry.growth.photos import PhotoInput
from registry.growth.tables import PhotoKind
from registry.growth.writing import NoteInput

MOST_FIELDS, LARGEST_FIELD = 160, 64 * 1024


@dataclass(frozen=True, slots=True)
class NoteForm:
    """What was entered. `photo` is what the file holds, empty where none was chosen."""

    texts: dict[str, str]
    children: tuple[int, ...] = ()
    photo_children: tuple[int, ...] = ()
    photo: bytes = b""
    has_photo: bool = False
    written_at: datetime | None = None

    def text(self, name: str) -> str:
        """What stands in a field."""
        return shown(self.texts.get(name, ""))

    def note(self, photo_id: int | None) -> NoteInput:
        """The note. The button says whether it is a draft, and whether the findings were seen."""
        return NoteInput(
            self.children, seen=self.text("seen"), domain=self.text("domain"), understood=self.text("understood"),
            support=self.text("support"), phrase=self.text("phrase") or None, photo_id=photo_id,
            written_at=self.written_at, is_draft=self.text("then") == "draft", is_sure=self.text("is_sure") == "yes",
        )  # fmt: skip

    def picture(self) -> PhotoInput:
        """The photo: of the children whom the note is about and those ticked beside, or of a work."""
        kind = self.text("kind") or PhotoKind.MOMENT.value
        in_it = {*self.children, *self.photo_children} if kind != PhotoKind.WORK.value else set()
        return PhotoInput(self.photo, kind, tuple(sorted(in_it)), self.text("caption"))

    @property
    def photo_id(self) -> int | None:
        """A photo that was stored when the form was sent the first time."""
        return number(self.text("photo_id"))

    def values(self) -> dict[str, object]:
        """What is put back into the form."""
        texts: dict[str, object] = {name: shown(text) for name, text in self.texts.items()}
        return {**texts, "children": set(self.children), "photo_children": set(self.photo_children)}


async def read_note_form(request: Request) -> NoteForm:
    """The form, with the file whole: the guard has made sure that it is none of many megabytes."""
    async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD) as sent:
        texts = {name: value for name, value in sent.items() if isinstance(value, str)}
        file = next((value for value in sent.values() if isinstance(value, UploadFile)), None)
        data = await file.read() if file is not None else b""
        has_photo = file is not None and bool(file.filename or data)
        return NoteForm(texts, _numbers(sent, "children"), _numbers(sent, "photo_children"), data, has_photo)


def _numbers(sent: FormData, name: str) -> tuple[int, ...]:
    found = (number(value) for value in sent.getlist(name) if isinstance(value, str))
    return tuple(one for one in found if one is not None)


EnteredNote = Annotated[NoteForm, Depends(read_note_form)]
