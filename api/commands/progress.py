"""Live progress of a solver on standard error: a small table that repaints, or plain lines without a terminal."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer

from api.speak.commands import levels, line, phase
from api.speak.language import Language
from scheduler.result import Progress

if TYPE_CHECKING:
    from rich.console import Group

LINE_EVERY = 5.0
"""Seconds between two plain lines."""


class Display:
    """Shows the newest progress while its block runs. `tell` may be called from any thread."""

    def __init__(self, language: Language, seconds: float | None, *, shown: bool | None) -> None:
        is_terminal = sys.stderr.isatty()
        self.language, self.seconds = language, seconds
        self.shown = is_terminal if shown is None else shown
        self.is_live = self.shown and is_terminal
        self.began, self._said = time.monotonic(), 0.0
        self.newest: Progress | None = None
        self._lock = threading.Lock()
        self._live: Any = None

    def __enter__(self) -> Display:
        if self.is_live:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(
                get_renderable=self._paint, console=Console(stderr=True), refresh_per_second=5, transient=False
            )
            self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.__exit__(kind, error, trace)

    def tell(self, progress: Progress) -> None:
        """Take the newest progress; in plain mode print a line now and then."""
        with self._lock:
            self.newest = progress
            is_due = progress.phase == "end" or progress.seconds - self._said >= LINE_EVERY or not self._said
            if self.shown and not self.is_live and is_due:
                self._said = max(progress.seconds, 0.001)
                typer.echo(self._plain(progress), err=True)

    def _plain(self, progress: Progress) -> str:
        seconds = line("elapsed", self.language, seconds=f"{progress.seconds:.1f}")
        said = levels(progress.cost, progress.bound, self.language)
        return " · ".join([seconds, phase(progress.phase, self.language), *said])

    def _paint(self) -> Group:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.text import Text

        now, elapsed = self.newest, time.monotonic() - self.began
        head = line("elapsed", self.language, seconds=f"{elapsed:.0f}")
        head += f" · {phase(now.phase if now else 'start', self.language)}"
        said = levels(now.cost if now else None, now.bound if now else None, self.language)
        bar = (
            ProgressBar(total=self.seconds, completed=min(elapsed, self.seconds), width=40) if self.seconds else Text()
        )
        return Group(Text(head, style="bold"), bar, *(Text(f"  {text}") for text in said))
