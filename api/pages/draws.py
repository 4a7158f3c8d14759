"""Running a draw, step by step, for the district office; and what everybody may take away to verify it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from api.access import SignedIn
from api.deps import DbSession
from api.downloads import attachment
from api.pages.render import render
from registry.accounts.permissions import ANYWHERE, Action, require
from registry.enrolment.draws import (
    draw_of_round,
    freeze_round,
    outlook,
    queue_draw,
    stop_draw,
)
from registry.enrolment.publish import effect, publish_draw
from registry.enrolment.rounds import find_round
from registry.enrolment.tables import Draw
from registry.errors import NotFound
from scheduler.placement import verify_draw

router = APIRouter(include_in_schema=False)

PROGRESS_EVERY = 2
"""Seconds after which the page of a running draw loads itself again."""
LONGEST_VALUE = 200


@router.get("/office/rounds/{round_id}/draw")
def draw_page(request: Request, session: DbSession, actor: SignedIn, round_id: int) -> HTMLResponse:
    """Where the draw of a round is, and its next step."""
    require(actor, Action.RUN_DRAW, ANYWHERE)
    found = draw_of_round(session, round_id)
    told = effect(session, actor, found.id or 0) if found is not None and found.result_json else None
    return render(
        request, "office/draw.html", round=find_round(session, round_id), draw=found, effect=told,
        outlook=outlook(session, actor, round_id), progress_every=PROGRESS_EVERY,
    )  # fmt: skip


@router.post("/office/rounds/{round_id}/draw/freeze")
def freeze(session: DbSession, actor: SignedIn, round_id: int) -> Response:
    """Freeze the list."""
    freeze_round(session, actor, round_id)
    return _back(round_id)


@router.post("/office/draws/{draw_id}/queue")
def queue(
    session: DbSession, actor: SignedIn, draw_id: int, value: Annotated[str, Form(max_length=LONGEST_VALUE)] = ""
) -> Response:
    """Tell the seed and let it be run."""
    return _back(queue_draw(session, actor, draw_id, value).round_id)


@router.post("/office/draws/{draw_id}/stop")
def stop(session: DbSession, actor: SignedIn, draw_id: int) -> Response:
    """Be done with the best so far."""
    return _back(stop_draw(session, actor, draw_id).round_id)


@router.post("/office/draws/{draw_id}/publish")
def publish(session: DbSession, actor: SignedIn, draw_id: int) -> Response:
    """Publish it."""
    return _back(publish_draw(session, actor, draw_id).round_id)


@router.get("/enrol/rounds/{round_id}/frozen.json")
def frozen_list(session: DbSession, round_id: int) -> Response:
    """The frozen list, whose hash was published before the seed was known. Names in it are pseudonyms."""
    found = _drawn(session, round_id)
    return _file(found.problem_json, f"qingzai-round-{round_id}-frozen.json")


@router.get("/enrol/rounds/{round_id}/certificate.json")
def certificate(session: DbSession, round_id: int) -> Response:
    """The certificate of a published draw."""
    found = _drawn(session, round_id)
    if found.published_at is None or found.certificate_json is None:
        raise NotFound("draw_not_published", round=round_id)
    return _file(found.certificate_json, f"qingzai-round-{round_id}-certificate.json")


@router.get("/enrol/verify_draw.py")
def verifier() -> Response:
    """The program with which anybody verifies a certificate; it needs Python and nothing else."""
    text = Path(verify_draw.__file__).read_text(encoding="utf-8")
    return PlainTextResponse(text, headers={"Content-Disposition": attachment("verify_draw.py")})


def _drawn(session: DbSession, round_id: int) -> Draw:
    find_round(session, round_id)
    found = draw_of_round(session, round_id)
    if found is None:
        raise NotFound("draw_not_frozen", round=round_id)
    return found


def _file(data: object, name: str) -> Response:
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return Response(text, media_type="application/json", headers={"Content-Disposition": attachment(name)})


def _back(round_id: int) -> RedirectResponse:
    return RedirectResponse(f"/office/rounds/{round_id}/draw", 303)
