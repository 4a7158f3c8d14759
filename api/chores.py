"""What one process on a database does beside answering: queued tasks, reminders, messages to the sender."""

from __future__ import annotations

from sqlalchemy import Engine

from api.deadlines import Deadlines
from api.jobs import Runner
from api.reminding import Reminding
from api.senders import Postman, find_sender
from api.settings import Settings
from registry.db import sessions


class Chores:
    """The runner of tasks, the keeper of deadlines and the postman, of the database that settings and engine name."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.runner = Runner(settings.database_url, does_tasks=settings.does_tasks)
        self.deadlines = Deadlines(settings.database_url)
        self.reminding = Reminding(sessions(engine, is_writing=True))
        self.postman = Postman(sessions(engine, is_writing=True), find_sender(settings.sender), settings.link_address)

    def start(self) -> None:
        """Begin with what an earlier server left."""
        self.runner.start()
        self.deadlines.start()
        self.postman.start()
        self.reminding.start()

    def stop(self) -> None:
        """End all; what is unfinished is begun again by the next start."""
        self.runner.stop()
        self.deadlines.stop()
        self.postman.stop()
        self.reminding.stop()
