"""Photos: what is taken in, who must not be in one, who sees it, what is forgotten."""

from __future__ import annotations

import struct
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zlib import compress, crc32

import pytest
from notebook import Notebook, jpeg
from PIL import Image
from sqlmodel import Session, select

from registry.errors import Invalid, NotAllowed, NotFound, Refused
from registry.growth.concerns import concerns, handle_concern, open_concern, raise_concern
from registry.growth.files import Stored, get_picture, photos_folder, put_picture
from registry.growth.forget import sweep_photos
from registry.growth.photos import change_photo, discard_photo, photo_to_see, photos_to_review, release_photo
from registry.growth.pictures import LONGEST_SIDE, MOST_BYTES, Picture, read_photo, small
from registry.growth.reads import class_photos, photos_of_child, picture, released_notes
from registry.growth.review import release_note, review_rows
from registry.growth.tables import Observation, ObservationChild, Photo, PhotoChild, SafeguardingConcern
from registry.privacy.erasure import erase_child
from registry.privacy.retention import run_retention
from registry.privacy.tables import AccessLog


@pytest.fixture
def there(session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Notebook:
    monkeypatch.setenv("QINGZAI_PHOTOS", str(tmp_path / "photos"))
    return Notebook(session, monkeypatch).with_helper()


def code_of(error: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [one.code for one in error.value.problems]


def opened(made: Picture) -> Image.Image:
    return Image.open(BytesIO(made.jpeg))


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright() -> None:
    sent = jpeg(60, 40, turned=True)
    assert b"taken at home" in sent and Image.open(BytesIO(sent)).getexif().get_ifd(0x8825)
    made = read_photo(sent)
    kept = opened(made)
    assert (made.width, made.height, kept.size) == (40, 60, (40, 60))
    assert (dict(kept.getexif()), kept.info.get("comment"), b"Camera of a parent" in made.jpeg) == ({}, None, False)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_formats_become_a_picture_on_white(form: str) -> None:
    written = BytesIO()
    Image.new("RGBA", (3000, 10), (0, 0, 0, 0)).save(written, form)
    made = read_photo(written.getvalue())
    assert (made.width, made.height, opened(made).getpixel((5, 2))) == (LONGEST_SIDE, 5, (255, 255, 255))


def bomb(width: int, height: int) -> bytes:
    """The head of a PNG that says how large it is, and hardly anything else."""
    chunks = (b"IHDR" + struct.pack(">II", width, height) + bytes([8, 2, 0, 0, 0]), b"IDAT" + compress(bytes(1000)))
    told = (struct.pack(">I", len(one) - 4) + one + struct.pack(">I", crc32(one)) for one in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_empty"),
        (b"x" * (MOST_BYTES + 1), "photo_too_large"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "photo_heic"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_unreadable"),
        (b"%PDF-1.7 no picture", "photo_unreadable"),
        (jpeg(400, 300)[:900], "photo_damaged"),
        (bomb(50_000, 50_000), "photo_too_many_pixels"),
    ],
)
def test_what_is_no_photo_is_refused_with_the_reason(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as error:
        read_photo(data)
    assert code_of(error) == [code]


def test_a_photo_lies_encrypted_and_opens_with_its_own_key_alone(there: Notebook) -> None:
    photo = there.photo()
    files = list(photos_folder().glob("*/*"))
    assert len(files) == 1 and b"JFIF" not in files[0].read_bytes() and files[0].stat().st_mode & 0o077 == 0
    assert picture(there.session, photo.id or 0)[:3] == b"\xff\xd8\xff"
    other = put_picture(b"another")
    with pytest.raises(Refused, match="photo_lost"):
        get_picture(Stored(photo.file, other.secret))
    files[0].unlink()
    with pytest.raises(Refused, match="photo_lost"):
        picture(there.session, photo.id or 0)


def test_the_same_photo_sent_twice_is_kept_once(there: Notebook) -> None:
    assert there.photo(key="phone-0001").id == there.photo(key="phone-0001", data=b"").id
    assert len(list(photos_folder().glob("*/*"))) == 1


def test_a_photo_with_a_child_without_consent_is_not_kept(there: Notebook) -> None:
    other = there.another("王小明")
    there.answer_photos(other, is_given=False)
    with pytest.raises(Invalid) as error:
        there.photo(child_ids=(there.child, other))
    assert [(one.code, one.facts) for one in error.value.problems] == [
        ("photo_without_consent", {"names": ["王小明"]})
    ]  # fmt: skip
    assert there.session.exec(select(Photo)).all() == [] and not list(photos_folder().glob("*/*"))
    assert there.photo(kind="work", child_ids=()).kind == "work"


def test_consent_taken_back_keeps_a_photo_out_of_everything(there: Notebook) -> None:
    photo = there.photo()
    note = there.note(photo_id=photo.id)
    release_note(there.session, there.lead, note.id or 0)
    assert [one.id for one in photos_of_child(there.session, there.run, there.child)] == [photo.id]
    assert photo_to_see(there.session, there.home.parent, photo.id or 0).id == photo.id
    there.answer_photos(there.child, is_given=False)
    assert photos_of_child(there.session, there.run, there.child) == []
    assert [one.withheld_for for one in class_photos(there.session, there.run)] == [(there.child,)]
    assert [one.photo_id for one in released_notes(there.session, there.run)] == [None]
    with pytest.raises(NotFound):
        photo_to_see(there.session, there.home.parent, photo.id or 0)
    released = review_rows(there.session, there.lead, there.run, ("released",))
    assert released[0].withheld_for == (there.home.child.name,)


def test_who_sees_a_photo(there: Notebook) -> None:
    photo, other = there.photo(), there.volunteer()
    for actor in (there.helper, there.lead, there.coordinator):
        assert photo_to_see(there.session, actor, photo.id or 0).id == photo.id
    for actor in (other, there.home.parent, there.office):
        with pytest.raises(NotFound, match="photo_unknown"):
            photo_to_see(there.session, actor, photo.id or 0)
    with pytest.raises(Invalid) as error:  # with somebody else's photo one could look at it
        there.write(actor=other, photo_id=photo.id)
    assert [(one.field, one.code) for one in error.value.problems] == [("photo_id", "choose_one")]


def test_the_lead_says_who_is_in_it_and_takes_it_out(there: Notebook) -> None:
    other = there.another("王小明")
    photo = there.photo(child_ids=())
    shown = (there.child, other)
    change_photo(there.session, there.lead, photo.id or 0, kind="moment", child_ids=shown, caption="搭桥")
    release_photo(there.session, there.lead, photo.id or 0)
    found = photos_to_review(there.session, there.lead, there.run)
    assert [(one.caption, children) for one, children in found] == [("搭桥", shown)]
    there.answer_photos(other, is_given=False)
    with pytest.raises(Invalid, match="photo"):
        change_photo(there.session, there.lead, photo.id or 0, kind="moment", child_ids=(other,))
    discard_photo(there.session, there.lead, photo.id or 0)
    assert (photo.secret, photos_to_review(there.session, there.lead, there.run)) == (None, [])
    with pytest.raises(NotFound):
        picture(there.session, photo.id or 0)


def test_files_go_a_day_after_their_photo(there: Notebook) -> None:
    photo, kept = there.photo(), there.photo()
    discard_photo(there.session, there.lead, photo.id or 0)
    assert sweep_photos(there.session) == 0
    there.at(10, day=there.day + timedelta(days=3000))  # whatever the files' own times say
    assert sweep_photos(there.session) == 1
    assert [path.stem for path in photos_folder().glob("*/*")] == [kept.file]


def test_with_a_child_its_notes_and_photos_go_and_others_keep_theirs(there: Notebook) -> None:
    other = there.another("王小明")
    photo = there.photo(child_ids=(there.child, other))
    alone = there.note("李𬱖搭好了桥", photo_id=photo.id)
    both = there.note("李𬱖和同学搭好了桥", child_ids=(there.child, other))
    raise_concern(there.session, there.helper, there.run, there.child, "手臂上有淤青")
    there.home.application.status = "withdrawn"
    there.session.add(there.home.application)
    erase_child(there.session, there.child, None, "test")
    left = there.session.exec(select(Observation)).all()
    assert [(one.id, one.seen) for one in left] == [(both.id, "同学和同学搭好了桥")] and alone.id != both.id
    assert [one.child_id for one in there.session.exec(select(ObservationChild))] == [other]
    assert (photo.secret, there.session.exec(select(PhotoChild)).all()) == (None, [])
    concern = there.session.exec(select(SafeguardingConcern)).one()
    assert (concern.child_name, concern.words) == ("李𬱖", "手臂上有淤青")


def test_drafts_and_photos_that_nobody_used_go_after_a_month(there: Notebook) -> None:
    there.note(is_draft=True)
    used, loose = there.photo(), there.photo()
    there.note(photo_id=used.id)
    there.at(9, day=there.day + timedelta(days=29))
    assert run_retention(there.session, None, is_trial=False).counts["note_drafts"] == 0
    there.at(9, day=there.day + timedelta(days=31))
    counts = run_retention(there.session, None, is_trial=False).counts
    assert (counts["note_drafts"], counts["loose_photos"]) == (1, 1)
    assert (used.removed_at, loose.removed_because) == (None, "retention")


def test_a_concern_goes_to_the_office_alone_and_each_look_is_kept(there: Notebook) -> None:
    made = raise_concern(there.session, there.helper, there.run, there.child, "手臂上有淤青，说是摔的")
    assert [(row.id, row.class_run) for row in concerns(there.session, there.office)] == [(made.id, "1-2年级班")]
    for actor in (there.lead, there.coordinator, there.helper, there.home.parent):
        with pytest.raises(NotAllowed):
            open_concern(there.session, actor, made.id or 0)
    assert open_concern(there.session, there.office, made.id or 0).concern.words == "手臂上有淤青，说是摔的"
    handle_concern(there.session, there.office, made.id or 0, "已报公安和民政")
    assert concerns(there.session, there.office, open_only=True) == []
    kept = there.session.exec(select(AccessLog).where(AccessLog.field == "concern").order_by("id")).all()
    assert [(line.action, line.subject_id) for line in kept] == [
        ("concern.raise", there.child), ("concern.see", there.child), ("concern.handle", there.child),
    ]  # fmt: skip


def test_a_small_form_is_small() -> None:
    made = read_photo(jpeg(2000, 1500))
    assert max(Image.open(BytesIO(small(made.jpeg))).size) == 480
