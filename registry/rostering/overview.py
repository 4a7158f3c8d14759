"""What can be said of a week's problem before it is solved: how large it is, and who can go nowhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TOLERANCE = 1e-9
"""Taken off a distance before it is compared (SCHEDULING.md §1, Hard rules)."""


@dataclass(frozen=True)
class Overview:
    """`sizes`: classes, sites with a class, volunteers, and how many of these are cleared.

    `unreachable` names the cleared volunteers with any time to give who reach no site that has a class.
    """

    sizes: Mapping[str, int]
    unreachable: tuple[str, ...]


def overview(problem_json: Mapping[str, Any]) -> Overview:
    """The overview of a problem file."""
    used = {c["site"] for c in problem_json["classes"]}
    sites = [s for s in problem_json["sites"] if s["id"] in used]
    cleared = [v for v in problem_json["volunteers"] if v["cleared"]]
    return Overview(
        sizes={
            "classes": len(problem_json["classes"]),
            "sites": len(sites),
            "volunteers": len(problem_json["volunteers"]),
            "cleared": len(cleared),
        },
        unreachable=tuple(v["name"] for v in cleared if v["available"] and not _reaches_any(v, sites)),
    )


def _reaches_any(volunteer: Mapping[str, Any], sites: list[Any]) -> bool:
    home = volunteer["x_km"], volunteer["y_km"]
    return any(math.dist(home, (s["x_km"], s["y_km"])) - TOLERANCE <= volunteer["reach_km"] for s in sites)
