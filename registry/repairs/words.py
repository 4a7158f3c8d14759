"""Names in a problem file. Sites, classes and volunteers of files need none: then the id stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def site_names(problem: Mapping[str, Any]) -> dict[str, str]:
    """Of each site."""
    return {s["id"]: str(s.get("name") or s["id"]) for s in problem["sites"]}


def class_names(problem: Mapping[str, Any]) -> dict[str, str]:
    """Of each class, the site first."""
    sites = site_names(problem)
    return {c["id"]: f"{sites[c['site']]} {c.get('name') or c['id']}" for c in problem["classes"]}


def people_names(problem: Mapping[str, Any]) -> dict[str, str]:
    """Of each volunteer."""
    return {v["id"]: str(v.get("name") or v["id"]) for v in problem["volunteers"]}


def site_of_class(problem: Mapping[str, Any]) -> dict[str, str]:
    """The site of each class."""
    return {c["id"]: str(c["site"]) for c in problem["classes"]}
