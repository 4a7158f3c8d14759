"""Which roster of a week a request is shown: everybody what is published, staff also drafts and older versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Path, Request

from api.access import MaybeSignedIn
from api.deps import DbSession, Store, read_monday
from registry.accounts.permissions import Action, may
from registry.rostering.sight import require_drafts, sees_drafts
from registry.rostering.week_store import StoredWeek


@dataclass(frozen=True, slots=True)
class Sight:
    """What whoever asks is told besides what is published: drafts; commands to type, on a machine of their own where
    nobody signs in; the pages where staff make a week."""

    drafts: bool
    commands: bool
    pages: bool


def find_sight(request: Request, session: DbSession, actor: MaybeSignedIn) -> Sight:
    """What whoever asks may see. What staff are shown is not kept by the browser."""
    is_staff = actor is not None and may(actor, Action.SEE_DRAFTS)
    found = sees_drafts(session, actor)
    request.state.is_personal = is_staff
    is_making = actor is not None and may(actor, Action.MANAGE_ROSTER)
    request.state.sight = Sight(found, commands=found and not is_staff, pages=is_making)
    return cast(Sight, request.state.sight)


Seeing = Annotated[Sight, Depends(find_sight)]


def need_sight(session: DbSession, actor: MaybeSignedIn) -> None:
    """Only for those who may see drafts.

    Raises:
        NotSignedIn, NotAllowed.
    """
    require_drafts(session, actor)


def find_week(
    session: DbSession,
    store: Store,
    actor: MaybeSignedIn,
    sight: Seeing,
    week: Annotated[
        str,
        Path(
            description="The week's Monday, as published. For staff: `2026-07-13~draft`, its newest draft, "
            "`2026-07-13~d12`, a draft by its number, `2026-07-13~v2`, a version.",
            examples=["2026-07-13"],
            json_schema_extra={"pattern": "^[0-9]{4}-[01][0-9]-[0-3][0-9](~draft|~[dv][0-9]{1,6})?$"},
        ),
    ],
) -> StoredWeek:
    """The roster in the path. The public is shown what is published, and of a week without that, that there is none
    yet; staff the newest draft then. Names are masked for both.

    Raises:
        NotSignedIn, NotAllowed: a draft, or a version by its number, asked for by somebody else.
    """
    day, _, of = week.partition("~")
    if sight.drafts:
        return store.week(session, read_monday(day), of)
    if of:
        require_drafts(session, actor)
    return store.published(session, read_monday(day))


Week = Annotated[StoredWeek, Depends(find_week)]
