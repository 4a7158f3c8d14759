"""What a server gets ready before it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.app import create_app
from api.pages.render import environment
from api.ready import get_ready, read_ahead
from api.settings import Settings


def test_templates_are_compiled_and_without_a_board_nothing_is_amiss(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    made = environment()
    monkeypatch.setattr(made, "cache", compiled := {})
    monkeypatch.setattr(made, "list_templates", lambda: ["base.html", "board/overview.html"])
    app = create_app(Settings(engine.url.render_as_string(hide_password=False)))
    get_ready(app)
    thread = read_ahead(app)
    thread.join(60)
    assert not thread.is_alive()
    assert {name for _, name in compiled} >= {"base.html", "board/overview.html"}


def test_a_database_that_is_not_there_yet_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment(), "list_templates", list)
    thread = read_ahead(create_app(Settings(f"sqlite:///{tmp_path}/none.db")))
    thread.join(60)
    assert not thread.is_alive()


def test_a_server_reads_ahead_and_a_test_does_not() -> None:
    assert (Settings.from_environment({}).reads_ahead, Settings("sqlite:///x.db").reads_ahead) == (True, False)
