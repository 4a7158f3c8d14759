"""Names as they may stand where nobody has signed in: 张*丰, never 张三丰.

A problem is masked before any view is made of it, so that no view, page or file made from it can leak a name.
"""

from __future__ import annotations

from typing import Any

from registry.conventions.names import mask_name


def masked(problem_json: dict[str, Any]) -> dict[str, Any]:
    """A copy of a problem file with the names of its volunteers masked. Sites and courses keep theirs.

    Who is not cleared has no name at all: nobody can look up whose background check is missing.
    """
    return {**problem_json, "volunteers": [{**v, "name": _shown(v)} for v in problem_json["volunteers"]]}


def _shown(volunteer: dict[str, Any]) -> str:
    return mask_name(volunteer.get("name") or "") if volunteer["cleared"] else ""
