"""The web application: read-only pages of a week, the same data as JSON, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from api import errors, v1
from api.headers import SafeHeaders
from api.jobs import Runner
from api.pages import (
    draws,
    family,
    family_consents,
    family_guardians,
    family_people,
    weeks,
    welcome,
    why,
)
from api.settings import Settings
from registry.db import make_engine, sessions
from registry.rostering.week_store import WeekStore
from registry.rostering.week_why import Explainer

STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application on the database of the settings, by default those of the environment.

    The database is opened at the first request and has to be migrated before.
    """
    settings = settings or Settings.from_environment()
    engine = make_engine(settings.database_url)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if app.state.runner is not None:
            app.state.runner.start()
        yield
        if app.state.runner is not None:
            app.state.runner.stop()
        engine.dispose()

    app = FastAPI(
        title="青仔 Qingzai",
        version=version("qingzai"),
        description="Weekly rosters of a district's summer childcare, read-only. Names are masked: nobody signs in.",
        openapi_url="/api/v1/openapi.json",
        # The usual documentation pages load scripts from other hosts.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings, app.state.engine = settings, engine
    app.state.sessions, app.state.weeks = sessions(engine), WeekStore()
    app.state.explainer = Explainer()
    app.state.runner = Runner(settings.database_url) if settings.runs_jobs else None
    app.include_router(welcome.router)
    app.include_router(weeks.router)
    app.include_router(why.router)
    app.include_router(draws.router)
    for pages in (family, family_consents, family_guardians, family_people):
        app.include_router(pages.router)
    app.include_router(v1.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(SafeHeaders)
    errors.install(app)
    return app
