"""The web application: pages of a week that anybody may read, pages of those who sign in, the same as JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from api import errors, v1
from api.access import find_actor
from api.chores import Chores
from api.guard import Guard
from api.headers import AnswersHead, SafeHeaders
from api.pages import routers
from api.ready import get_ready, read_ahead
from api.settings import Settings
from api.turns import Turns, switch_often
from registry.board.positions import Positions
from registry.db import make_engine, sessions
from registry.rostering.week_store import WeekStore
from registry.rostering.week_why import Explainer

STATIC = Path(__file__).parent / "static"


@cache
def _routes() -> list[BaseRoute]:
    """Every route, once for all applications of a process: to make them ready costs FastAPI 0.3 s at the first
    request, and they differ in nothing."""
    bearer = FastAPI(openapi_url=None)
    for router in routers.OPEN:  # A page that anybody may see greets those who have signed in.
        bearer.include_router(router, dependencies=[Depends(find_actor)])
    for router in routers.PERSONAL:
        bearer.include_router(router)
    bearer.include_router(v1.router)
    return list(bearer.routes)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application on the database of the settings, by default those of the environment.

    The database is opened at the first request and has to be migrated before.
    """
    settings = settings or Settings.from_environment()
    engine = make_engine(settings.database_url)
    chores = Chores(settings, engine)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        switch_often()
        get_ready(app)
        if settings.reads_ahead:
            read_ahead(app)
        if settings.runs_jobs:
            chores.start()
        yield
        if settings.runs_jobs:
            chores.stop()
        engine.dispose()

    app = FastAPI(
        title="青仔 Qingzai",
        version=version("qingzai"),
        description="A district's summer childcare. What needs no sign-in shows masked names alone. A machine signs in "
        "with a token in `Authorization: Bearer …`, which the office makes.",
        openapi_url="/api/v1/openapi.json",
        # The usual documentation pages load scripts from other hosts.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings, app.state.engine = settings, engine
    app.state.sessions, app.state.changes = sessions(engine), sessions(engine, is_writing=True)
    app.state.turns = Turns(one_writer=engine.dialect.name == "sqlite")
    app.state.postman, app.state.weeks = chores.postman, WeekStore()
    app.state.full_weeks = WeekStore(full_names=True)
    app.state.explainer, app.state.boards = Explainer(), Positions()
    app.router.routes.extend(_routes())
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Guard)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(SafeHeaders)
    app.add_middleware(AnswersHead)
    errors.install(app)
    return app
