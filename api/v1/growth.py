"""Notes, photos and concerns: the same as on the pages, for who writes, who reviews, and the office."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Query, Response, UploadFile, status

from api.access import DESCRIBED, AskingBrowser, SignedIn
from api.deps import DbSession, Speech
from api.v1 import growth_models as models
from api.v1.accounts import PERSONAL
from registry.growth import concerns as channel
from registry.growth import photos, review, writing
from registry.growth.coverage import coverage
from registry.growth.desk import note_classes, own_page, write_page
from registry.growth.pictures import small
from registry.growth.reads import children_in_photos, picture
from registry.growth.tables import NoteStatus, PhotoKind, SafeguardingConcern

router = APIRouter(tags=["growth"], responses=PERSONAL, dependencies=DESCRIBED)
RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
HERE = "/notes/classes/{class_run_id}/{day}"
NO_CONTENT, CREATED = status.HTTP_204_NO_CONTENT, status.HTTP_201_CREATED
JPEG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}, "description": "The picture."}}


@router.get("/notes/classes", summary="The classes that I write about or review")
def get_classes(session: DbSession, actor: SignedIn) -> list[models.ClassOut]:
    """With how many notes wait to be reviewed."""
    return [
        models.ClassOut(
            class_run_id=one.class_run.id or 0, name=one.class_run.name, site=one.site.name, meets=one.meets,
            is_reviewer=one.is_reviewer, waiting=one.waiting,
        )
        for one in note_classes(session, actor)
    ]  # fmt: skip


@router.get(HERE, summary="The children of a class on a day, for who writes about them")
def get_class(session: DbSession, actor: SignedIn, class_run_id: RowId, day: date) -> models.PageOut:
    """Whoever is only on duty there sees them on that very day."""
    return models.PageOut.of(write_page(session, actor, class_run_id, day))


@router.post(HERE, summary="Write a note")
def post_note(
    session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, day: date, body: models.NoteNew
) -> models.WrittenOut:
    """Under the same key again it is the note that is there. What the check finds holds it back unless `is_sure`."""
    done = writing.write_note(session, actor, class_run_id, day, body.key, body.entered())
    return models.WrittenOut.of(done, language)


@router.post(HERE + "/check", summary="The gentle check of words that are not stored yet")
def post_check(
    session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId, day: date, body: models.NoteIn
) -> list[models.FindingOut]:
    """Nothing is stored."""
    found = writing.check_note(session, actor, class_run_id, day, body.entered())
    return [models.FindingOut.of(one, language) for one in found]


@router.post(HERE + "/photos", summary="Send a photo", status_code=CREATED)
def post_photo(
    session: DbSession, actor: SignedIn, class_run_id: RowId, day: date,
    photo: Annotated[UploadFile | None, File()] = None, key: Annotated[str, Form(max_length=100)] = "",
    kind: Annotated[PhotoKind, Form()] = PhotoKind.MOMENT,
    children: Annotated[list[int] | None, Form()] = None, caption: Annotated[str, Form(max_length=2000)] = "",
) -> models.PhotoOut:  # fmt: skip
    """JPEG, PNG or WebP. Each child that can be recognised is named; with one who has no consent it is refused."""
    given = photos.PhotoInput(photo.file.read() if photo else b"", kind.value, tuple(children or ()), caption)
    return models.PhotoOut.model_validate(photos.store_photo(session, actor, class_run_id, day, key, given))


@router.post(HERE + "/concerns", summary="Report a suspicion of harm to a child", status_code=CREATED)
def post_concern(
    session: DbSession, actor: SignedIn, browser: AskingBrowser, class_run_id: RowId, day: date, body: models.ConcernIn
) -> models.ConcernMade:
    """To the office alone. It does not stand in for telling the police at once."""
    made = channel.raise_concern(
        session, actor, class_run_id, body.child_id, body.words, day=day, address=browser.address
    )
    return models.ConcernMade(id=made.id or 0, at=made.at)


@router.get("/notes/own", summary="My own notes of the last days")
def get_own(session: DbSession, actor: SignedIn) -> list[models.OwnNoteOut]:
    """The newest first."""
    return [models.OwnNoteOut.model_validate(one) for one in own_page(session, actor)]


@router.put("/notes/own/{note_id}", summary="Change an own note that is not released")
def put_own(
    session: DbSession, actor: SignedIn, language: Speech, note_id: RowId, body: models.NoteIn
) -> models.WrittenOut:
    """How it was is kept."""
    return models.WrittenOut.of(writing.change_note(session, actor, note_id, body.entered()), language)


@router.delete("/notes/own/{note_id}", summary="Take an own note back", status_code=NO_CONTENT)
def delete_own(session: DbSession, actor: SignedIn, note_id: RowId) -> None:
    """Unless it is released."""
    writing.drop_note(session, actor, note_id)


@router.get("/notes/review/{class_run_id}", summary="The notes of a class")
def get_review(
    session: DbSession, actor: SignedIn, language: Speech, class_run_id: RowId,
    show: Annotated[NoteStatus, Query()] = NoteStatus.SUBMITTED,
) -> list[models.ReviewOut]:  # fmt: skip
    """Those that wait, or that were released or given back; other people's drafts are nobody's to see."""
    hidden = (NoteStatus.DRAFT, NoteStatus.DROPPED)
    rows = review.review_rows(session, actor, class_run_id, () if show in hidden else (show.value,))
    return [models.ReviewOut.of(row, language) for row in rows]


@router.post("/notes/review/{class_run_id}/release", summary="Release every note in which the check finds nothing")
def post_release_all(session: DbSession, actor: SignedIn, class_run_id: RowId) -> models.Released:
    """Those that wait."""
    return models.Released(n=review.release_clear_notes(session, actor, class_run_id))


@router.put("/notes/{note_id}", summary="Change the words of a note that one reviews")
def put_note(session: DbSession, actor: SignedIn, note_id: RowId, body: models.NoteText) -> models.NoteOut:
    """How it was is kept."""
    changed = review.edit_note(
        session, actor, note_id, seen=body.seen, understood=body.understood, support=body.support, domain=body.domain
    )
    return models.NoteOut.model_validate(changed)


@router.post("/notes/{note_id}/release", summary="Release a note")
def post_release(session: DbSession, actor: SignedIn, note_id: RowId, body: models.Sure) -> models.NoteOut:
    """With its photo. A number that identifies somebody has to go before."""
    return models.NoteOut.model_validate(review.release_note(session, actor, note_id, is_sure=body.is_sure))


@router.post("/notes/{note_id}/return", summary="Give a note back to its writer")
def post_return(session: DbSession, actor: SignedIn, note_id: RowId, body: models.Words) -> models.NoteOut:
    """With words on what to change; one that was released is taken back so."""
    return models.NoteOut.model_validate(review.return_note(session, actor, note_id, body.words))


@router.get("/notes/coverage/{class_run_id}", summary="Who has not been written about")
def get_coverage(session: DbSession, actor: SignedIn, class_run_id: RowId) -> models.LedgerOut:
    """For who reviews the class; no guardian sees it."""
    found = coverage(session, actor, class_run_id)
    lines = [
        models.LedgerLine(
            child_id=row.child.id or 0, name=row.child.name, domains=dict(row.domains), last=row.last,
            days_without=row.days_without, is_overdue=row.is_overdue,
        )
        for row in found.rows
    ]  # fmt: skip
    return models.LedgerOut(
        day=found.day, gap_days=found.gap_days, children=lines, domains=dict(found.domains), thin=list(found.thin)
    )


@router.get("/notes/photos/{class_run_id}", summary="The photos of a class")
def get_photos(session: DbSession, actor: SignedIn, class_run_id: RowId) -> list[models.PhotoLine]:
    """For who reviews the class; those that wait first."""
    return [
        models.PhotoLine(**models.PhotoOut.model_validate(photo).model_dump(), children=list(shown))
        for photo, shown in photos.photos_to_review(session, actor, class_run_id)
    ]


@router.get("/photos/{photo_id}", summary="A picture", responses=JPEG, response_class=Response)
def get_picture(
    session: DbSession, actor: SignedIn, photo_id: RowId, is_small: Annotated[bool, Query(alias="small")] = False
) -> Response:
    """For who took it, who reviews the class, and guardians for whose child's book it is fit. Nothing keeps it."""
    found = picture(session, photos.photo_to_see(session, actor, photo_id).id or 0)
    kept = {"Cache-Control": "no-store"}
    return Response(small(found) if is_small else found, media_type="image/jpeg", headers=kept)


@router.put("/photos/{photo_id}", summary="Say who is in a photo")
def put_photo(session: DbSession, actor: SignedIn, photo_id: RowId, body: models.PhotoIn) -> models.PhotoLine:
    """With one who has no consent it is refused."""
    changed = photos.change_photo(
        session, actor, photo_id, kind=body.kind.value, child_ids=body.children, caption=body.caption
    )
    shown = children_in_photos(session, [photo_id]).get(photo_id, ())
    return models.PhotoLine(**models.PhotoOut.model_validate(changed).model_dump(), children=list(shown))


@router.post("/photos/{photo_id}/release", summary="Let a photo into the books of the class")
def post_photo_release(session: DbSession, actor: SignedIn, photo_id: RowId) -> models.PhotoOut:
    """Once is enough."""
    return models.PhotoOut.model_validate(photos.release_photo(session, actor, photo_id))


@router.delete("/photos/{photo_id}", summary="Delete a photo for good", status_code=NO_CONTENT)
def delete_photo(session: DbSession, actor: SignedIn, photo_id: RowId) -> None:
    """Also out of the note that it came with."""
    photos.discard_photo(session, actor, photo_id)


@router.get("/concerns", summary="Concerns about children")
def get_concerns(session: DbSession, actor: SignedIn) -> list[models.ConcernLine]:
    """For the office alone, without words and names."""
    return [
        models.ConcernLine(
            id=row.id, site=row.at_site, class_run=row.class_run, at=row.concern.at, reporter=row.reporter,
            handled_at=row.concern.handled_at,
        )
        for row in channel.concerns(session, actor)
    ]  # fmt: skip


@router.post("/concerns/{concern_id}/open", summary="Read a concern")
def post_open(session: DbSession, actor: SignedIn, browser: AskingBrowser, concern_id: RowId) -> models.ConcernOut:
    """That it was read, by whom and from where, is kept."""
    found = channel.open_concern(session, actor, concern_id, address=browser.address)
    told: SafeguardingConcern = found.concern
    return models.ConcernOut(
        id=concern_id, child=told.child_name, class_run=found.class_run.name, at=told.at, reporter=found.reporter,
        words=told.words, outcome=told.outcome, handled_at=told.handled_at,
    )  # fmt: skip


@router.post("/concerns/{concern_id}/outcome", summary="Write what was done about a concern", status_code=NO_CONTENT)
def post_outcome(session: DbSession, actor: SignedIn, concern_id: RowId, body: models.Words) -> None:
    """Once; it stays."""
    channel.handle_concern(session, actor, concern_id, body.words)
