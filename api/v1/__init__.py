"""The interface `/api/v1`: the data of the pages as JSON. What goes wrong has one shape, `ErrorBody`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.errors import ErrorBody
from api.v1 import (
    accounts,
    attendance,
    attendance_ahead,
    board,
    board_book,
    board_copy,
    board_data,
    board_prints,
    board_templates,
    board_trial,
    books,
    certificates,
    closing,
    downloads,
    drafts,
    duties,
    duty_answers,
    duty_dates,
    duty_more,
    enrolment_applications,
    enrolment_rounds,
    families,
    feedback,
    growth,
    insurance,
    making,
    office,
    office_paper,
    office_volunteering,
    privacy,
    repairs,
    substitutes,
    weeks,
    why,
)

FAILURES: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorBody, "description": "There is no such thing."},
    422: {"model": ErrorBody, "description": "The request is not right; the message says where."},
    500: {"model": ErrorBody, "description": "Something went wrong here."},
    503: {"model": ErrorBody, "description": "The database is not ready."},
}

router = APIRouter(prefix="/api/v1", responses=FAILURES)
router.include_router(weeks.router)
router.include_router(downloads.router)
router.include_router(why.router)
router.include_router(drafts.router)
router.include_router(board_book.router)
router.include_router(board_copy.router)
router.include_router(board_data.router)
router.include_router(closing.router)
router.include_router(board_prints.router)
router.include_router(board.router)
router.include_router(board_templates.router)
router.include_router(board_trial.router)
router.include_router(repairs.router)
router.include_router(substitutes.router)
router.include_router(substitutes.by_link)
router.include_router(accounts.router)
router.include_router(feedback.router)  # before books, whose /{kind} and /{which} would take its paths
router.include_router(books.router)
router.include_router(certificates.open_router)
router.include_router(certificates.router)  # before attendance, whose /attendance/{class_run_id}/{day} is as long
router.include_router(attendance_ahead.router)
router.include_router(attendance.router)  # before families, as privacy
router.include_router(privacy.open_router)
router.include_router(privacy.router)  # before families, whose /children/{child_id}/{people} would take its paths
router.include_router(families.router)
router.include_router(enrolment_rounds.router)
router.include_router(enrolment_applications.router)
router.include_router(office.router)
router.include_router(insurance.router)
router.include_router(office_paper.router)
router.include_router(office_volunteering.router)
router.include_router(duties.router)
router.include_router(making.router)
router.include_router(duty_dates.router)  # before duty_answers too
router.include_router(duty_more.router)  # before duty_answers, whose /duties/{day}/… would take its paths
router.include_router(duty_more.by_link)
router.include_router(duty_answers.router)
router.include_router(duty_answers.by_link)
router.include_router(growth.router)
