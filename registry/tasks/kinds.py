"""Every kind of task, and what does it."""

from __future__ import annotations

from collections.abc import Mapping

from registry.enrolment import draw_task
from registry.making import solving
from registry.repairs import work
from registry.tasks.work import Kind

KINDS: Mapping[str, Kind] = {
    "roster": solving.KIND, "draw": draw_task.KIND, "repair": work.REPAIR_KIND, "standby": work.STANDBY_KIND,
}  # fmt: skip
