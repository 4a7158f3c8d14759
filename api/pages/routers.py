"""Every router of pages. A page that anybody may see greets those who have signed in; the others need a sign-in."""

from __future__ import annotations

from api.pages import (
    applications,
    attendance,
    attendance_service,
    board,
    board_more,
    board_repairs,
    board_standbys,
    boards,
    books,
    books_family,
    certificates,
    draws,
    duties,
    duty_answers,
    duty_choices,
    duty_links,
    duty_places,
    enrol,
    family,
    family_attendance,
    family_consents,
    family_data,
    family_guardians,
    family_people,
    make,
    me,
    notes,
    notes_review,
    office_accounts,
    office_applications,
    office_certificates,
    office_children,
    office_concerns,
    office_exports,
    office_paper,
    office_privacy,
    office_programme,
    office_results,
    office_rosters,
    office_rounds,
    office_tokens,
    privacy,
    sign_in,
    weeks,
    welcome,
    why,
)

OPEN = (*(page.router for page in (welcome, weeks, why, enrol, privacy, duty_links)), certificates.open_router)
PERSONAL = tuple(
    page.router
    for page in (
        *(sign_in, me, office_accounts, office_tokens),
        *(office_paper, office_results, office_rounds, office_applications, office_exports, office_programme),
        *(draws, applications, attendance, attendance_service, boards),
        *(board, board_more, make, board_repairs, board_standbys),
        *(office_rosters, duty_choices, duty_places, duties, duty_answers, certificates, office_certificates),
        family_attendance,
        books,
        books_family,
        family_data,  # these two before family_people, whose paths would take its own
        *(family, family_consents, family_guardians, family_people),
        *(office_children, office_privacy, office_concerns),
        *(notes, notes_review),
    )
)
