"""How much chance a test tries: a sample when somebody waits, all of it where CI is set, as `.ci/run` sets it."""

from __future__ import annotations

import os

IS_CI = bool(os.environ.get("CI"))


def as_many(sample: int, all_of_them: int) -> int:
    """So many random weeks, examples or the like."""
    return all_of_them if IS_CI else sample
