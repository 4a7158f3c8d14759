"""When a search must be done."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass


@dataclass
class Clock:
    """When to be done, and what ends it early."""

    until: float
    stop: threading.Event

    @property
    def left(self) -> float:
        """Seconds left, 0 when asked to stop."""
        return 0.0 if self.stop.is_set() else max(0.0, self.until - time.monotonic())
