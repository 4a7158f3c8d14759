"""Templates of a week (周模板): a board or a published week kept under a name, to begin other weeks from.

A template is a source like an earlier week: what holds of it is put onto a board, what does not is told with why
(`copying.py`). Its entries name weekdays, parts of the day and classes, no dates. It keeps names of sites, classes,
courses and people as they were, and nothing else about them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, Subject, may, require
from registry.accounts.tables import Account
from registry.board.boards import board_of
from registry.board.tables import RosterBoard, WeekTemplate
from registry.conventions.texts import line_of
from registry.db import take_turns
from registry.duties.publish import number_of, version_in_force
from registry.duties.tables import RosterVersion
from registry.engine.refits import Json
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.rostering.build import check_monday

LONGEST_NAME = 40
BOARD, PUBLISHED = "board", "published"
"""What is kept: the board of a week, or what is published of it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A template as its reader sees it: how many entries it has at sites that they may change, of how many sites, and
    whether they may remove it."""

    id: int
    name: str
    week: date
    kind: str
    sites: tuple[str, ...]
    duties: int
    lessons: int
    author: str
    made_at: datetime
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Keepable:
    """What can be kept of a week: whether there is a board, which version is published, and the sites."""

    has_board: bool
    version: int | None
    sites: tuple[tuple[str, str], ...]


def see_templates(session: Session, actor: Actor) -> list[Kept]:
    """The templates with entries at sites that the actor may change, by name.

    Raises:
        NotAllowed: for who may change no site.
    """
    require(actor, Action.MANAGE_ROSTER)
    wanted = select(WeekTemplate, Account.name).join(Account, col(Account.id) == WeekTemplate.made_by)
    found = [_kept(actor, row, name) for row, name in session.exec(wanted.order_by(col(WeekTemplate.name))).all()]
    return [kept for kept in found if kept.sites]


def _kept(actor: Actor, row: WeekTemplate, author: str) -> Kept:
    site_of = {c["id"]: c["site"] for c in row.problem_json["classes"]}
    names = {s["id"]: str(s.get("name") or s["id"]) for s in row.problem_json["sites"]}
    own = {site for site in set(site_of.values()) if may_change(actor, site)}
    duties, lessons = (sum(site_of[x["class"]] in own for x in row.roster_json[kind]) for kind in ("duties", "lessons"))
    sites = tuple(sorted(names[site] for site in own))
    may_remove = own == set(site_of.values())
    return Kept(row.id or 0, row.name, row.week, row.kind, sites, duties, lessons, author, row.made_at, may_remove)


def see_keepable(session: Session, actor: Actor, monday: date) -> Keepable:
    """What of a week the actor could keep.

    Raises:
        NotAllowed. Refused: `week_not_monday`. NotFound: `nothing_to_keep`, no board and nothing published.
    """
    require(actor, Action.MANAGE_ROSTER)
    check_monday(monday)
    board, version = board_of(session, monday), version_in_force(session, monday)
    if board is None and version is None:
        raise NotFound("nothing_to_keep", week=monday.isoformat())
    problem = (board or version).problem_json  # type: ignore[union-attr]
    held = {c["site"] for c in problem["classes"]}
    sites = [
        (s["id"], str(s.get("name") or s["id"]))
        for s in problem["sites"]
        if s["id"] in held and may_change(actor, s["id"])
    ]
    return Keepable(board is not None, version.number if version else None, tuple(sites))


def keep_week(
    session: Session, actor: Actor, monday: date, name: str, *, kind: str = BOARD, sites: Collection[str] = ()
) -> WeekTemplate:
    """Keep the board or the published week under a name: these sites, by default all that the actor may change.

    Raises:
        NotAllowed: also for a site of somebody else's. Refused: `week_not_monday`.
        NotFound: `nothing_to_keep`. Conflict: `template_empty`, nobody is rostered at these sites.
        Invalid: `needed`, `too_long`, `name_taken` at `name`; `choose_one` at `kind`, `sites`.
    """
    known = {site for site, _ in see_keepable(session, actor, monday).sites}
    for site in sorted(set(sites) & _sites_of(session, monday)):
        require(actor, Action.MANAGE_ROSTER, at(site))
    take_turns(session, "week-templates")
    said = _name(session, actor, name)
    if not set(sites) <= known:
        raise Invalid(FieldProblem("sites", "choose_one"))
    problem, roster = _week(session, monday, kind)
    facts, rows = _pattern(problem, roster, set(sites) or known)
    if not rows["duties"] and not rows["lessons"]:
        raise Conflict("template_empty")
    made = WeekTemplate(
        name=said, week=monday, kind=kind, problem_json=facts, roster_json=rows, made_by=actor.account_id,
        made_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _sites_of(session: Session, monday: date) -> set[str]:
    found = board_of(session, monday) or version_in_force(session, monday)
    return {c["site"] for c in found.problem_json["classes"]} if found else set()


def _name(session: Session, actor: Actor, name: str) -> str:
    said = line_of("name", name, LONGEST_NAME, needed=True)
    if said in {kept.name for kept in see_templates(session, actor)}:
        raise Invalid(FieldProblem("name", "name_taken"))
    return said


def _week(session: Session, monday: date, kind: str) -> tuple[Json, Json]:
    if kind == BOARD:
        found: RosterBoard | RosterVersion | None = board_of(session, monday)
    else:
        found = version_in_force(session, monday) if kind == PUBLISHED else None
    if found is None:
        raise Invalid(FieldProblem("kind", "choose_one"))
    return found.problem_json, found.roster_json


def _pattern(problem: Json, roster: Json, sites: Collection[str]) -> tuple[Json, Json]:
    """The entries at these sites, and what has to be known to tell them: ids, names and hours."""
    classes = [c for c in problem["classes"] if c["site"] in sites]
    runs = {c["id"] for c in classes}
    rows = {kind: [x for x in roster[kind] if x["class"] in runs] for kind in ("duties", "lessons")}
    people = {x.get("volunteer") or x["instructor"] for kind in rows.values() for x in kind}
    courses = {x["course"] for x in rows["lessons"]}
    facts = {
        "segments": problem["segments"],
        "slots": problem["slots"],
        "sites": _named(problem["sites"], {c["site"] for c in classes}),
        "classes": [{key: c[key] for key in ("id", "name", "site") if key in c} for c in classes],
        "courses": _named(problem["courses"], courses),
        "volunteers": _named(problem["volunteers"], people),
    }
    return facts, {"format": roster["format"], **rows}


def _named(rows: Collection[Json], ids: Collection[str]) -> list[Json]:
    return [{"id": row["id"], "name": row.get("name", row["id"])} for row in rows if row["id"] in ids]


def the_template(session: Session, actor: Actor, template_id: int) -> WeekTemplate:
    """A template that the actor can begin a week from.

    Raises:
        NotAllowed: for who may change no site. NotFound: `template_unknown`.
    """
    if template_id not in {kept.id for kept in see_templates(session, actor)}:
        raise NotFound("template_unknown", template=template_id)
    return session.get_one(WeekTemplate, template_id)


def remove_template(session: Session, actor: Actor, template_id: int) -> None:
    """Keep it no longer; boards that were begun from it stay as they are.

    Raises:
        NotAllowed: for who may not change all sites of it. NotFound: `template_unknown`.
    """
    found = the_template(session, actor, template_id)
    for site in {c["site"] for c in found.problem_json["classes"]}:
        require(actor, Action.MANAGE_ROSTER, at(site))
    session.delete(found)
    session.flush()


def may_change(actor: Actor, site: str) -> bool:
    """Whether the actor may change a site's part of a board."""
    return may(actor, Action.MANAGE_ROSTER, at(site))


def at(site: str) -> Subject:
    """A site of a problem, as permissions know it."""
    return Subject(site_ids=frozenset({number_of(site)}))
