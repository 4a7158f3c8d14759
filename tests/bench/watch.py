"""How much memory a process and its children hold, looked up in /proc while they run (Linux)."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from pathlib import Path

EVERY = 0.25  # seconds between two looks
PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1 << 20


class Watch:
    """Looks at a tree of processes until the block ends: the most of all together, and of the largest one, in MiB.

    The sum counts pages that processes share once for each of them, so that it is rather too large than too small.
    """

    def __init__(self, pid: int) -> None:
        self.pid, self.tree, self.largest = pid, 0, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            held = [resident(pid) for pid in tree_of(self.pid)]
            self.tree = max(self.tree, round(sum(held) / MIB))
            self.largest = max(self.largest, round(max(held) / MIB))


def tree_of(pid: int) -> list[int]:
    """A process and everything that descends from it."""
    children: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name stands in brackets and may hold anything; the parent is the second field after it.
            parent = int(path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        children[parent].append(int(path.parent.name))
    found = [pid]
    for each in found:
        found += children[each]
    return found


def resident(pid: int) -> int:
    """Resident bytes of a process; 0 once it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
