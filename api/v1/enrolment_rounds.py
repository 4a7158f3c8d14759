"""Rounds: what everybody may read of them, and what the office does to them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession
from api.searching import SearchedFor
from api.v1 import enrolment_models as models
from api.v1.accounts import PERSONAL
from registry import clock
from registry.enrolment.receipts import notice_of
from registry.enrolment.round_classes import ClassInput, set_classes
from registry.enrolment.rounds import (
    RoundInput,
    announce_round,
    cancel_round,
    change_round,
    create_round,
    find_round,
    open_first,
    phase,
    public_round,
    public_rounds,
)
from registry.enrolment.search import search
from registry.enrolment.tables import EnrolmentRound
from registry.errors import NotFound

router = APIRouter(prefix="/rounds", tags=["enrolment"])

RoundId = Annotated[int, Path(ge=1, le=models.LARGEST_ID)]


def told(its: EnrolmentRound) -> models.RoundModel:
    """A round as it is answered."""
    names = set(models.RoundModel.model_fields) - {"phase"}
    return models.RoundModel(phase=phase(its, clock.now()), **{name: getattr(its, name) for name in names})


@router.get("", summary="Rounds that were announced")
def list_rounds(session: DbSession) -> models.Rounds:
    """Those first in which something can be done."""
    return models.Rounds(items=[told(its) for its in open_first(public_rounds(session), clock.now())])


@router.post("", summary="A new round", status_code=201, responses=PERSONAL, dependencies=DESCRIBED)
def make_round(session: DbSession, actor: SignedIn, given: models.RoundIn) -> models.RoundModel:
    """For the office. Nobody sees it before it is announced."""
    return told(create_round(session, actor, _input(given)))


@router.get("/{round}", summary="A round and its rules")
def one_round(session: DbSession, round: RoundId) -> models.RoundModel:
    """Rules, seed commitment, times."""
    return told(public_round(session, round))


@router.put("/{round}", summary="Change a round that is not announced", responses=PERSONAL, dependencies=DESCRIBED)
def put_round(session: DbSession, actor: SignedIn, round: RoundId, given: models.RoundIn) -> models.RoundModel:
    """For the office."""
    return told(change_round(session, actor, round, _input(given)))


@router.post("/{round}/announce", summary="Publish a round with its rules", responses=PERSONAL, dependencies=DESCRIBED)
def announce(session: DbSession, actor: SignedIn, round: RoundId) -> models.RoundModel:
    """For the office. From now on its rules stay as they were told."""
    return told(announce_round(session, actor, round))


@router.post("/{round}/cancel", summary="Call a round off", responses=PERSONAL, dependencies=DESCRIBED)
def cancel(session: DbSession, actor: SignedIn, round: RoundId) -> models.RoundModel:
    """For the office. Whoever applied is told."""
    return told(cancel_round(session, actor, round))


@router.get("/{round}/classes", summary="Class runs of a round")
def list_classes(
    session: DbSession,
    round: RoundId,
    wanted: SearchedFor,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> models.RoundClasses:
    """With places and applicants; the nearest first where it is said from where."""
    rows = search(session, public_round(session, round), wanted)
    items = [models.RoundClassModel.model_validate(row) for row in rows[offset : offset + limit]]
    return models.RoundClasses(total=len(rows), items=items)


@router.put(
    "/{round}/classes", summary="Which class runs a round gives places of", responses=PERSONAL, dependencies=DESCRIBED
)
def put_classes(session: DbSession, actor: SignedIn, round: RoundId, given: models.RoundClassesIn) -> models.RoundModel:
    """For the office, before the round is announced."""
    set_classes(session, actor, round, [ClassInput(c.class_run, c.places, c.min_to_open) for c in given.items])
    return told(find_round(session, round))


@router.get("/{round}/notice", summary="The public notice of a round")
def notice(session: DbSession, round: RoundId) -> models.Notice:
    """Masked name, class run, number."""
    public_round(session, round)
    found = notice_of(session, round)
    if found is None:
        raise NotFound("notice_unknown", round=round)
    rows = [models.NoticeLine(name=r["name"], class_run=r["class"], number=r["number"]) for r in found.rows]
    return models.Notice(published_at=found.published_at, rows=rows)


def _input(given: models.RoundIn) -> RoundInput:
    return RoundInput(**given.model_dump())
