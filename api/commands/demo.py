"""`qingzai demo`: a made-up district, one solved week, served. What is there already is kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import typer
from sqlalchemy import Engine
from sqlmodel import Session

from api import speak
from api.commands.console import refusals
from api.commands.database import migrated_engine
from api.commands.interrupt import interrupts
from api.commands.roster_make import Effort, say_week, solve_week
from api.commands.serve import serve
from api.settings import Settings
from api.speak.commands import line
from registry.db import session_scope, shown_url
from registry.demo import MONDAY, is_made_up, make_district
from registry.demo.answers import make_answers
from registry.demo.attendance import make_attendance
from registry.demo.children import COORDINATOR_PHONE, LEAD_PHONE, class_with_children
from registry.demo.enrolment import FAMILY_PHONE, OFFICE_PHONE
from registry.demo.notes import make_notes
from registry.duties.days import someone_on_duty
from registry.duties.publish import publish, version_in_force
from registry.rostering.drafts import latest_done
from registry.rostering.tables import RosterDraft

OWN_FILE = "sqlite:///./qingzai-demo.db"
"""A file apart, so that a district's own qingzai.db never meets made-up people."""

STAGES: tuple[tuple[str, Callable[[Session], object]], ...] = (
    ("attendance", make_attendance),
    ("notes", make_notes),
    ("answers", lambda session: make_answers(session, MONDAY)),
)
"""What is made up besides the week, in this order; what is there already is kept."""


def run(effort: Effort, host: str | None, port: int | None, *, is_served: bool) -> None:
    """Make what is missing, then serve it; exit 2 where the database holds anything else."""
    with refusals():
        settings = replace(Settings.from_environment(), database_url=database())
        with interrupts() as heard:
            engine = migrated_engine(settings.database_url)
            _make_district(engine, settings.database_url)
            made = _finished(engine) or solve_week(engine, MONDAY, effort, heard)
            say_week(engine, made)
            volunteer = _publish(engine, made)
            engine.dispose()
        if is_served:
            people = {"family": FAMILY_PHONE, "office": OFFICE_PHONE, "volunteer": volunteer}
            people |= {"coordinator": COORDINATOR_PHONE, "lead": LEAD_PHONE}
            typer.echo(line("demo_people", speak.from_environment(), **people))
            serve(settings, host, port)


def database() -> str:
    """The configured database, by default the sample's own file."""
    return os.environ.get("QINGZAI_DATABASE_URL") or OWN_FILE


def _make_district(engine: Engine, url: str) -> None:
    language = speak.from_environment()
    with session_scope(engine) as session:
        is_there = is_made_up(session)
        if not is_there:
            make_district(session)
    typer.echo(line("district_kept" if is_there else "district_made", language, database=shown_url(url)))


def _publish(engine: Engine, made: RosterDraft) -> str:
    """Put the week in force, so that volunteers see it; the phone of one who has a duty. Nobody is sent anything."""
    assert made.roster_json is not None
    with session_scope(engine, is_writing=True) as session:
        if version_in_force(session, MONDAY) is None:
            _say("publish")
            publish(session, MONDAY, made.problem_json, made.roster_json, seed=made.seed)
        for stage, make in STAGES:
            _say(stage)
            make(session)
        return someone_on_duty(session, MONDAY, class_with_children(session))


def _say(stage: str) -> None:
    """Which stage begins: some take a minute on a slow machine, and nothing else would be seen meanwhile."""
    typer.echo(line(f"demo_{stage}", speak.from_environment()))


def _finished(engine: Engine) -> RosterDraft | None:
    """The roster of an earlier run."""
    with session_scope(engine) as session:
        found = latest_done(session, MONDAY)
    if found is not None:
        typer.echo(line("draft_kept", speak.from_environment(), draft=found.id))
    return found
