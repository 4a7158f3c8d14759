"""Who carries a message to a phone. The district plugs its SMS provider in; by default messages go to the server's log.

`QINGZAI_SENDER` is `console`, `file:PATH` (one JSON line a message), or `module:function`: a function that takes a
phone and a text, and raises whatever it likes where the message did not get away.
"""

from __future__ import annotations

import json
import logging
import sys
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import Protocol, cast

from sqlalchemy.exc import DBAPIError

from api.speak.language import LANGUAGES, Language
from api.speak.messages import message
from registry.accounts.limits import forget
from registry.accounts.outbox import Letter, send_due
from registry.db import Sessions
from registry.errors import Refused

SETTING = "QINGZAI_SENDER"
CONSOLE, FILE = "console", "file:"
LOOKS_EVERY, FORGETS_EVERY = 2.0, 1800
"""Seconds between looks at the outbox, which is also looked at at once after a code is asked for; looks between two
rounds of deleting what is no longer needed."""

log = logging.getLogger("qingzai.senders")


class Sender(Protocol):
    """Carries one text to one phone. Returning says that it got away; whatever is raised, that it is to be retried."""

    def __call__(self, phone: str, text: str) -> None:
        """Send it."""


def find_sender(setting: str) -> Sender:
    """The sender of a setting.

    Raises:
        Refused: `setting_invalid`, where there is no such function.
    """
    if setting == CONSOLE:
        return console
    if setting.startswith(FILE) and setting != FILE:
        return _into(Path(setting.removeprefix(FILE)))
    module, _, name = setting.partition(":")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        found = None
    if not callable(found):
        raise Refused("setting_invalid", name=SETTING, value=setting)
    return cast(Sender, found)


def console(phone: str, text: str) -> None:
    """To the log of `qingzai serve`, which is its standard error."""
    print(f"[→ {phone}] {text}", file=sys.stderr, flush=True)


def _into(path: Path) -> Sender:
    def write(phone: str, text: str) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"phone": phone, "text": text}, ensure_ascii=False) + "\n")

    return write


class Postman:
    """Takes what is due out of the outbox, in a thread of its own, so that nobody waits for an SMS provider."""

    def __init__(self, sessions: Sessions, sender: Sender, address: str = "") -> None:
        self._sessions, self._sender, self._address = sessions, sender, address
        self._wanted, self._is_ending = Event(), Event()
        self._thread = Thread(target=self._work, name="postman", daemon=True)

    def start(self) -> None:
        """Begin, with what an earlier server left."""
        self._thread.start()

    def wake(self) -> None:
        """Look now: something was put into the outbox."""
        self._wanted.set()

    def stop(self) -> None:
        """End after the message in hand."""
        self._is_ending.set()
        self._wanted.set()
        self._thread.join(timeout=10)

    def deliver(self) -> int:
        """Send what is due now; answers how many went out."""
        return send_due(self._sessions, self._send)

    def _send(self, letter: Letter) -> None:
        language: Language = "en" if letter.language == "en" else LANGUAGES[0]
        self._sender(letter.phone, message(letter.code, letter.facts, language, self._address))

    def _work(self) -> None:
        looks = 0
        while not self._is_ending.is_set():
            try:
                self.deliver()
                if looks % FORGETS_EVERY == 0:
                    with self._sessions() as session:
                        forget(session)
            except DBAPIError as error:  # not migrated yet, locked, a server that went away: the next look may do
                log.warning("the outbox cannot be read: %s", type(error).__name__)
            looks += 1
            self._wanted.wait(LOOKS_EVERY)
            self._wanted.clear()
