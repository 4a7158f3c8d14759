"""Live progress of a placement on standard error: a small table that repaints, or plain lines without a terminal."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer

from api.speak.commands import line as common_line
from api.speak.language import Language
from api.speak.placements import level, line, step
from scheduler.placement.result import News

if TYPE_CHECKING:
    from rich.console import Group

LINE_EVERY = 5.0
"""Seconds between two plain lines."""


class Display:
    """Shows the newest progress while its block runs. `tell` may be called from any thread."""

    def __init__(self, language: Language, seconds: float, *, shown: bool | None) -> None:
        is_terminal = sys.stderr.isatty()
        self.language, self.seconds = language, seconds
        self.shown = is_terminal if shown is None else shown
        self.is_live = self.shown and is_terminal
        self.began, self._said = time.monotonic(), 0.0
        self.newest = News(0, "start", 0, 1)
        self._lock = threading.Lock()
        self._live: Any = None

    def __enter__(self) -> Display:
        if self.is_live:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(get_renderable=self._paint, console=Console(stderr=True), refresh_per_second=5)
            self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.__exit__(kind, error, trace)

    def tell(self, news: News) -> None:
        """Take the newest progress; in plain mode print a line now and then, and what came out at the end."""
        with self._lock:
            self.newest = news
            is_due = news.phase in ("start", "end") or news.seconds - self._said >= LINE_EVERY
            if self.shown and not self.is_live and is_due:
                self._said = news.seconds
                for text in [self._head(news.seconds), *self._levels(news)]:
                    typer.echo(text, err=True)

    def _head(self, seconds: float) -> str:
        now = self.newest
        said = common_line("elapsed", self.language, seconds=f"{seconds:.1f}")
        return f"{said} · {step(now.phase, now.done, now.total, self.language)}"

    def _levels(self, news: News) -> list[str]:
        """At the end what every level came to; the proven ones in one line where all are."""
        if news.phase != "end":
            return []
        placed = sum(x.value for x in news.levels if x.name.startswith("placed."))
        unproven = [x for x in news.levels if x.value != x.bound]
        said = [line("placed", self.language, placed=f"{placed:,}")]
        code = "open_levels" if unproven else "all_proven"
        return [*said, line(code, self.language, n=len(unproven)), *(level(x, self.language) for x in news.levels)]

    def _paint(self) -> Group:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.text import Text

        elapsed = time.monotonic() - self.began
        bar = ProgressBar(total=self.seconds, completed=min(elapsed, self.seconds), width=40)
        return Group(Text(self._head(elapsed), style="bold"), bar, *(Text(text) for text in self._levels(self.newest)))
