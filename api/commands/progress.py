"""Live progress of a solver on standard error: a small table that repaints, or plain lines without a terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

import typer

from api.speak import placements
from api.speak.commands import levels, line, phase
from api.speak.language import Language
from scheduler.placement.result import News
from scheduler.result import Progress

if TYPE_CHECKING:
    from rich.console import Group

LINE_EVERY = 5.0
"""Seconds between two plain lines."""


class _Told(Protocol):
    """What every progress says."""

    @property
    def seconds(self) -> float: ...
    @property
    def phase(self) -> str: ...


T = TypeVar("T", bound=_Told)
Painted: TypeAlias = Callable[[T | None, float], list[str]]
Plain: TypeAlias = Callable[[T], list[str]]


class Display(Generic[T]):
    """Shows the newest progress while its block runs. `tell` may be called from any thread.

    `painted` says what is seen in a terminal after so many seconds, first the head, then one line each; `plain` the
    lines for a file. There is nothing newer than None before the first progress.
    """

    def __init__(self, seconds: float | None, painted: Painted[T], plain: Plain[T], *, shown: bool | None) -> None:
        is_terminal = sys.stderr.isatty()
        self.seconds, self._painted, self._plain = seconds, painted, plain
        self.shown = is_terminal if shown is None else shown
        self.is_live = self.shown and is_terminal
        self.began, self._said = time.monotonic(), 0.0
        self.newest: T | None = None
        self._lock = threading.Lock()
        self._live: Any = None

    def __enter__(self) -> Display[T]:
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

    def tell(self, news: T) -> None:
        """Take the newest progress; in plain mode print lines at the start, now and then, and at the end."""
        with self._lock:
            self.newest = news
            is_due = news.phase == "end" or news.seconds - self._said >= LINE_EVERY or not self._said
            if self.shown and not self.is_live and is_due:
                self._said = max(news.seconds, 0.001)
                for text in self._plain(news):
                    typer.echo(text, err=True)

    def _paint(self) -> Group:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.text import Text

        elapsed = time.monotonic() - self.began
        head, *rest = self._painted(self.newest, elapsed)
        bar = (
            ProgressBar(total=self.seconds, completed=min(elapsed, self.seconds), width=40) if self.seconds else Text()
        )
        return Group(Text(head, style="bold"), bar, *(Text(f"  {text.strip()}") for text in rest))


def roster_display(language: Language, seconds: float | None, *, shown: bool | None) -> Display[Progress]:
    """The progress of a weekly roster: cost and bound of each level."""

    def painted(now: Progress | None, elapsed: float) -> list[str]:
        head = line("elapsed", language, seconds=f"{elapsed:.0f}")
        head += f" · {phase(now.phase if now else 'start', language)}"
        return [head, *levels(now.cost if now else None, now.bound if now else None, language)]

    def plain(now: Progress) -> list[str]:
        begun = [line("elapsed", language, seconds=f"{now.seconds:.1f}"), phase(now.phase, language)]
        return [" · ".join([*begun, *levels(now.cost, now.bound, language)])]

    return Display(seconds, painted, plain, shown=shown)


def placement_display(language: Language, seconds: float, *, shown: bool | None) -> Display[News]:
    """The progress of a placement: steps of a phase, and in the end what every level came to."""

    def painted(now: News | None, elapsed: float) -> list[str]:
        now = now or News(0, "start", 0, 1)
        head = line("elapsed", language, seconds=f"{elapsed:.1f}")
        return [
            f"{head} · {placements.step(now.phase, now.done, now.total, language)}",
            *placements.ended(now, language),
        ]

    return Display(seconds, painted, lambda now: painted(now, now.seconds), shown=shown)
