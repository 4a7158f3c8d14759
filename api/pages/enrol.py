"""Enrolment for everybody: which rounds there are, by which rules, which class runs, and the public notice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from api.access import MaybeSignedIn
from api.deps import DbSession
from api.pages.render import render
from api.searching import HOURS, LARGEST_ID, read_wanted
from registry import clock
from registry.accounts.permissions import Actor
from registry.enrolment.applications import of_family
from registry.enrolment.receipts import notice_of
from registry.enrolment.rounds import open_first, phase, public_round, public_rounds
from registry.enrolment.search import ClassRow, Wanted, classes, grade_in, search, subdistricts, terms_of
from registry.enrolment.status import status_of
from registry.enrolment.tables import EnrolmentRound
from registry.families.reads import children_of

router = APIRouter(prefix="/enrol", include_in_schema=False)

ON_A_PAGE = 30
UNTIL = ("12:00", "14:30", "17:30", "18:00")

RoundId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
PageNumber = Annotated[int, Query(ge=1, le=10_000)]


@router.get("")
def rounds(request: Request, session: DbSession, actor: MaybeSignedIn) -> HTMLResponse:
    """The rounds, open ones first; above them where one's own applications stand."""
    now = clock.now()
    found = [(its, phase(its, now)) for its in open_first(public_rounds(session), now)]
    own = [
        (application, child, its, status_of(session, application, now))
        for application, child, its in (of_family(session, actor) if actor else [])
    ]
    return render(request, "enrol/rounds.html", rounds=found, own=own, actor=actor)


@router.get("/rounds/{round_id}")
def one_round(
    request: Request, session: DbSession, actor: MaybeSignedIn, round_id: RoundId, page: PageNumber = 1
) -> HTMLResponse:
    """The rules of a round in plain words, and its class runs."""
    its = public_round(session, round_id)
    facts = found_classes(request, session, its, page)
    return render(
        request, "enrol/round.html", its=its, phase=phase(its, clock.now()), actor=actor,
        children=own_children(session, actor, its), **facts,
    )  # fmt: skip


@router.get("/rounds/{round_id}/notice")
def notice(request: Request, session: DbSession, round_id: RoundId) -> HTMLResponse:
    """The public notice: masked name, class run, number."""
    its = public_round(session, round_id)
    return render(request, "enrol/notice.html", its=its, notice=notice_of(session, round_id))


def own_children(session: DbSession, actor: Actor | None, its: EnrolmentRound) -> list[dict[str, Any]]:
    """The children of whoever is signed in, each with its grade and its application in the round."""
    if actor is None or actor.guardian_id is None:
        return []
    mine = {child.id: a for a, child, own in of_family(session, actor) if own.id == its.id}
    return [
        {"child": child, "grade": grade_in(its.season, child.entry_year), "application": mine.get(child.id)}
        for child in children_of(session, actor.guardian_id)
    ]


def found_classes(
    request: Request,
    session: DbSession,
    its: EnrolmentRound,
    page: int,
    grade: int | None = None,
    known: Sequence[ClassRow] | None = None,
) -> dict[str, Any]:
    """The class runs that a page's filters leave, a page of them, and what the filters can be. `known` are all of the
    round, where they were read already."""
    wanted = _wanted(request, grade)
    everything = classes(session, its) if known is None else known
    found = search(session, its, wanted, everything)
    pages = max(1, -(-len(found) // ON_A_PAGE))
    page = min(page, pages)
    rows: list[ClassRow] = found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return {
        "rows": rows, "total": len(found), "page": page, "pages": pages, "wanted": wanted,
        "subdistricts": subdistricts(everything), "terms": terms_of(everything), "times": UNTIL,
    }  # fmt: skip


def _wanted(request: Request, grade: int | None) -> Wanted:
    """The filters of the address. What makes no sense there is as if it were not there: a page still shows."""
    asked = request.query_params
    number = {name: int(v) for name in ("term", "grade") if re.fullmatch(r"\d{1,9}", v := asked.get(name, ""))}
    until = asked.get("until", "")
    return read_wanted(
        subdistrict=asked.get("subdistrict", "")[:50], term=number.get("term"),
        grade=number.get("grade") if grade is None else grade, lunch=bool(asked.get("lunch")),
        nap=bool(asked.get("nap")), until=until if re.fullmatch(HOURS, until) else None,
        near=asked.get("near", "")[:50], q=asked.get("q", "")[:100],
    )  # fmt: skip
