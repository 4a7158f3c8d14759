"""A published week knows its volunteers as they were; this brings some of them up to date."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from registry.rostering.build import bans_of, volunteers_now


def renew(
    session: Session, monday: date, problem: dict[str, Any], roster: dict[str, Any], volunteers: Collection[int],
    now: Mapping[str, dict[str, Any]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The problem with these volunteers as the tables have them today; `now` is what `volunteers_now` says of them,
    where it was asked before.

    What they need for the entries that they have stays: an entry that was right when it was published is not made
    wrong by what somebody wishes since.
    """
    if not volunteers:
        return problem
    now = volunteers_now(session, monday, volunteers) if now is None else now
    fresh = {f"v{n}": now[f"v{n}"] for n in volunteers if f"v{n}" in now}
    old = {v["id"]: v for v in problem["volunteers"]}
    segment_of = {slot["id"]: slot["segment"] for slot in problem["slots"]}
    duties, lessons = _by_person(roster["duties"], "volunteer"), _by_person(roster["lessons"], "instructor")
    merged = {
        id_: _merged(entry, old.get(id_), duties.get(id_, []), lessons.get(id_, []), segment_of)
        for id_, entry in fresh.items()
    }
    known = {s["id"] for s in problem["segments"]}, {c["id"] for c in problem["courses"]}, {
        s["id"] for s in problem["sites"]
    }  # fmt: skip
    trimmed = {id_: _within(entry, *known) for id_, entry in merged.items()}
    people = [trimmed.pop(v["id"], v) for v in problem["volunteers"]] + list(trimmed.values())
    return {**problem, "volunteers": people, "bans": _bans(session, problem, roster, fresh)}


def _by_person(rows: list[dict[str, Any]], who: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[who], []).append(row)
    return found


def _merged(
    now: dict[str, Any], old: dict[str, Any] | None, duties: list[dict[str, Any]], lessons: list[dict[str, Any]],
    segment_of: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    if not duties and not lessons:
        return now
    held = {d["segment"] for d in duties} | {segment_of[x["slot"]] for x in lessons}
    roles = {d["role"] for d in duties} | ({"instructor"} if lessons else set())
    kept = {name: old[name] for name in ("x_km", "y_km", "adult")} if old else {}
    return {
        **now, **kept,
        "available": sorted({*now["available"], *held}),
        "courses": sorted({*now["courses"], *(x["course"] for x in lessons)}),
        "roles": [r for r in ("lead", "assistant", "instructor") if r in {*now["roles"], *roles}],
        "max_segments": max(now["max_segments"], len(held)),
        "reach_km": max(now["reach_km"], old["reach_km"] if old else 0.0),
        "cleared": now["cleared"] or bool(old and old["cleared"]),
    }  # fmt: skip


def _within(entry: dict[str, Any], segments: set[str], courses: set[str], sites: set[str]) -> dict[str, Any]:
    """Without what the published week does not know: a course or a site that came later."""
    return {
        **entry,
        "available": [s for s in entry["available"] if s in segments],
        "courses": [c for c in entry["courses"] if c in courses],
        "preferred_sites": [s for s in entry["preferred_sites"] if s in sites],
    }


def _bans(
    session: Session, problem: dict[str, Any], roster: dict[str, Any], fresh: dict[str, Any]
) -> list[dict[str, Any]]:
    """The bans of the week and those made since, but for the ones that an entry of theirs already breaks."""
    site_of = {c["id"]: c["site"] for c in problem["classes"]}
    sites = {s["id"] for s in problem["sites"]}
    met = set(_met(roster, site_of))
    known = {(b["volunteer"], b.get("site") or b["class"]) for b in problem.get("bans", ())}
    new = [
        ban for ban in bans_of(session, {int(id_[1:]) for id_ in site_of})
        if ban["volunteer"] in fresh and (target := (ban["volunteer"], ban.get("site") or ban["class"])) not in known
        and target not in met and target[1] in sites | set(site_of)
    ]  # fmt: skip
    return [*problem.get("bans", ()), *new]


def _met(roster: dict[str, Any], site_of: dict[str, str]) -> Iterator[tuple[str, str]]:
    for row in (*roster["duties"], *roster["lessons"]):
        who = row.get("volunteer") or row["instructor"]
        yield who, row["class"]
        yield who, site_of[row["class"]]
