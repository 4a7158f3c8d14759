"""Waking the workers of other machines: on PostgreSQL each task has a Procrastinate job, stored with the task itself.

The job only says that there is a task; who does it, and that it ends once, is the lease's business (`leases.py`). Its
tables lie in a schema of their own, beside this software's. SQLite has no workers: there the runner looks by itself.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, make_url, text
from sqlmodel import Session

from registry.tasks.lanes import Lane

if TYPE_CHECKING:
    from procrastinate import App

SCHEMA = "procrastinate"
QUEUES = {Lane.PROMPT: "qingzai-prompt", Lane.LONG: "qingzai"}
WORK = "qingzai.work"
"""The job's name; its one argument is `task_id`."""


def install(connection: Connection) -> None:
    """Make Procrastinate's tables, once, in a migration. A later version of Procrastinate changes them by its own
    files, in a migration of ours: that is why its version is limited."""
    from procrastinate.schema import SchemaManager

    connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    before = connection.execute(text("SELECT current_setting('search_path')")).scalar_one()
    _search(connection, f"{SCHEMA}, public")
    driver: Any = connection.connection.driver_connection  # itself: the file has many statements, and per cents
    driver.execute(SchemaManager.get_schema())
    _search(connection, before)


def remove(connection: Connection) -> None:
    """The other way."""
    connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))


def wake(session: Session, task_id: int, lane: Lane) -> None:
    """Queue the job of a task in its lane: with the unit of work that stores the task, or not at all."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return
    before = connection.execute(text("SELECT current_setting('search_path')")).scalar_one()
    _search(connection, f"{before}, {SCHEMA}")
    driver = connection.connection.driver_connection
    _app().configure_task(WORK, queue=QUEUES[lane], connection=driver).defer(task_id=task_id)
    _search(connection, before)


def drivers_url(url: str) -> str:
    """The database's URL as its driver reads it, with the password."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _search(connection: Connection, path: str) -> None:
    """Where names are looked for, until the unit of work ends."""
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})


@cache
def _app() -> App:
    """Knows how to write a job on whatever connection it is handed; it has none of its own."""
    from procrastinate import App, SyncPsycopgConnector

    return App(connector=SyncPsycopgConnector())
