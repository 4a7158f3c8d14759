"""Feedback to families, and many books at once: the same as on the pages."""

from __future__ import annotations

from fastapi import APIRouter, status

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession
from api.v1 import book_models as models
from api.v1.accounts import PERSONAL
from api.v1.attendance import RowId
from registry.books.batches import ask_batch, batch_progress, batches, cancel_batch
from registry.books.feedback import (
    change_feedback,
    child_feedback,
    drop_feedback,
    family_feedback,
    release_feedback,
    write_feedback,
)

router = APIRouter(tags=["books"], responses=PERSONAL, dependencies=DESCRIBED)
CREATED, NO_CONTENT = status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT
CHILD = "/books/{class_run_id}/{child_id}/feedback"


@router.get(CHILD, summary="Feedback about a child of the class")
def list_feedback(
    session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: RowId
) -> list[models.FeedbackOut]:
    """All for the lead, the own for a volunteer."""
    found = child_feedback(session, actor, class_run_id, child_id)
    return [models.FeedbackOut.model_validate(one.row) for one in found]


@router.post(CHILD, summary="Write feedback to a child's guardians", status_code=CREATED)
def post_feedback(
    session: DbSession, actor: SignedIn, class_run_id: RowId, child_id: RowId, body: models.FeedbackIn
) -> models.FeedbackOut:
    """Another child's name is refused."""
    made = write_feedback(session, actor, class_run_id, child_id, body.entered())
    return models.FeedbackOut.model_validate(made)


@router.put("/books/feedback/{feedback_id}", summary="Write feedback anew")
def put_feedback(
    session: DbSession, actor: SignedIn, feedback_id: RowId, body: models.FeedbackIn
) -> models.FeedbackOut:
    """Before it is released."""
    return models.FeedbackOut.model_validate(change_feedback(session, actor, feedback_id, body.entered()))


@router.post("/books/feedback/{feedback_id}/release", summary="Let the guardians read feedback")
def post_release(session: DbSession, actor: SignedIn, feedback_id: RowId) -> models.FeedbackOut:
    """For the lead."""
    return models.FeedbackOut.model_validate(release_feedback(session, actor, feedback_id))


@router.delete("/books/feedback/{feedback_id}", summary="Delete feedback", status_code=NO_CONTENT)
def delete_feedback(session: DbSession, actor: SignedIn, feedback_id: RowId) -> None:
    """Before it is released."""
    drop_feedback(session, actor, feedback_id)


@router.get("/children/{child_id}/books/{class_run_id}/feedback", summary="Feedback about the own child")
def get_feedback(session: DbSession, actor: SignedIn, child_id: RowId, class_run_id: RowId) -> models.FamilyFeedback:
    """With what was answered."""
    _, found, replies = family_feedback(session, actor, child_id, class_run_id)
    return models.FamilyFeedback(
        feedback=[models.FeedbackOut.model_validate(row) for row, _ in found],
        replies=[models.ReplyOut.model_validate(row) for row, _ in replies],
    )


@router.get("/office/books", summary="Batches of books")
def list_batches(session: DbSession, actor: SignedIn) -> list[models.BatchOut]:
    """The last twenty."""
    return [models.BatchOut.of(one) for one in batches(session, actor)]


@router.post("/office/books", summary="Have many books made", status_code=CREATED)
def post_batch(session: DbSession, actor: SignedIn, body: models.BatchIn) -> models.BatchOut:
    """In the background."""
    batch = ask_batch(session, actor, body.site_id)
    return models.BatchOut.of(batch_progress(session, actor, batch.id or 0))


@router.get("/office/books/{batch_id}", summary="A batch of books")
def get_batch(session: DbSession, actor: SignedIn, batch_id: RowId) -> models.BatchOut:
    """How far it is, and which classes failed."""
    return models.BatchOut.of(batch_progress(session, actor, batch_id))


@router.post("/office/books/{batch_id}/cancel", summary="Stop a batch of books")
def post_cancel(session: DbSession, actor: SignedIn, batch_id: RowId) -> models.BatchOut:
    """What is made stays."""
    cancel_batch(session, actor, batch_id)
    return models.BatchOut.of(batch_progress(session, actor, batch_id))
