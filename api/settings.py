"""What the environment sets for the pages: the database, where to listen, who carries messages."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from registry.db import database_url
from registry.errors import Refused

MOST_WORKERS = 64


@dataclass(frozen=True)
class Settings:
    """Settings of the web application. It listens on this machine alone unless told otherwise.

    `runs_jobs`: whether it looks after queued draws and the outbox; `qingzai serve` does. `is_https`: browsers reach it
    by TLS alone (a proxy before it), so that cookies never travel without. `workers`: how many processes answer.
    `address`: where browsers find it from outside, such as https://qingzai.example, for the links in messages.
    `does_tasks`: whether it does queued tasks itself or leaves them to workers (`qingzai worker`).
    `reads_ahead`: whether it compiles the templates and reads the newest board when it starts; a server does.
    """

    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    runs_jobs: bool = False
    sender: str = "console"
    is_https: bool = False
    workers: int = 1
    address: str = ""
    does_tasks: bool = True
    reads_ahead: bool = False

    @property
    def link_address(self) -> str:
        """What the links in messages begin with. Whoever reads them in this machine's own log sits at this machine."""
        return self.address or (f"http://{self.host}:{self.port}" if self.sender == "console" else "")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """QINGZAI_DATABASE_URL, QINGZAI_HOST, QINGZAI_PORT, QINGZAI_SENDER, QINGZAI_HTTPS, QINGZAI_WORKERS,
        QINGZAI_TASKS and QINGZAI_ADDRESS, or their defaults.

        Raises:
            Refused: `setting_invalid`, where the port is not a number from 0 to 65535, QINGZAI_HTTPS not 0 or 1,
                QINGZAI_WORKERS not a number from 1 to 64, QINGZAI_ADDRESS not a web address, or QINGZAI_TASKS neither
                `here` nor, on PostgreSQL, `workers`.
        """
        host, port = environment.get("QINGZAI_HOST") or cls.host, environment.get("QINGZAI_PORT") or str(cls.port)
        if not port.isascii() or not port.isdigit() or int(port) > 65535:
            raise Refused("setting_invalid", name="QINGZAI_PORT", value=port)
        https = environment.get("QINGZAI_HTTPS") or "0"
        if https not in ("0", "1"):
            raise Refused("setting_invalid", name="QINGZAI_HTTPS", value=https)
        workers = environment.get("QINGZAI_WORKERS") or str(cls.workers)
        if not workers.isascii() or not workers.isdigit() or not 1 <= int(workers) <= MOST_WORKERS:
            raise Refused("setting_invalid", name="QINGZAI_WORKERS", value=workers)
        address = (environment.get("QINGZAI_ADDRESS") or "").rstrip("/")
        if address and not re.fullmatch(r"https?://[\w.:\[\]/-]{3,200}", address, re.ASCII):
            raise Refused("setting_invalid", name="QINGZAI_ADDRESS", value=address)
        sender = environment.get("QINGZAI_SENDER") or cls.sender
        return cls(
            database_url(), host, int(port), sender=sender, is_https=https == "1", workers=int(workers),
            address=address, does_tasks=_does_tasks(environment), reads_ahead=True,
        )  # fmt: skip


def _does_tasks(environment: Mapping[str, str]) -> bool:
    """Workers take what PostgreSQL hands them; on SQLite there are none to leave tasks to."""
    where = environment.get("QINGZAI_TASKS") or "here"
    if where not in ("here", "workers") or (where == "workers" and not database_url().startswith("postgresql")):
        raise Refused("setting_invalid", name="QINGZAI_TASKS", value=where)
    return where == "here"
