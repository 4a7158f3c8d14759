"""What coordinators see of searches for substitutes, and volunteers of what they are asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, may, require
from registry.duties.amend import in_force
from registry.duties.answers import open_absences
from registry.errors import NotAllowed
from registry.people import Volunteer
from registry.programme import ClassRun, Site
from registry.substitutes.answering import ask_of_link
from registry.substitutes.searching import asks_of, at_class, find_search
from registry.substitutes.standing import Candidate, Place, Places, Row, Standing, checked
from registry.substitutes.tables import AskStatus, SubstituteAsk, SubstituteSearch

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Group:
    """Places of one class on one day: whose they are (nobody's: open), and whether somebody is being looked for."""

    volunteer: str
    name: str
    class_run: str
    class_name: str
    day: date
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class AskLine:
    """Somebody on a list."""

    id: int
    name: str
    status: str
    source: str
    asked_at: datetime | None
    answer_by: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SearchView:
    """A search, its places in words, whose they were, and how everybody on the list stands."""

    search: SubstituteSearch
    class_name: str
    instead_of: str
    places: tuple[Place, ...]
    asks: tuple[AskLine, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A volunteer is asked: where, when, how many children, until when to answer."""

    id: int
    day: date
    places: tuple[Place, ...]
    class_run: str
    children: int
    site: str
    address: str
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class AskPage:
    """What somebody with a link sees: their name, how the request stands, and what it is."""

    name: str
    status: str
    asked: Asked


def searches_of(session: Session, actor: Actor, monday: date) -> list[SearchView]:
    """The searches of a week at the actor's sites, the newest first.

    Raises:
        NotAllowed. NotFound: `week_not_published`.
    """
    require(actor, Action.MANAGE_ROSTER)
    wanted = select(SubstituteSearch).where(SubstituteSearch.week == monday)
    found = [
        s for s in session.exec(wanted.order_by(col(SubstituteSearch.id).desc()))
        if may(actor, Action.MANAGE_ROSTER, at_class(session, s.class_run_id))
    ][:MOST_SHOWN]  # fmt: skip
    places = Places(in_force(session, monday))
    return [_view(session, s, places) for s in found]


def see_search(session: Session, actor: Actor, search_id: int) -> SearchView:
    """A search.

    Raises:
        NotAllowed, NotFound: as `find_search`.
    """
    found = find_search(session, actor, search_id)
    return _view(session, found, Places(in_force(session, found.week)))


def _view(session: Session, search: SubstituteSearch, words: Places) -> SearchView:
    asks = asks_of(session, search)
    numbers = {a.volunteer_id for a in asks} | {search.instead_of_id or 0}
    names = dict(session.exec(select(Volunteer.id, Volunteer.name).where(col(Volunteer.id).in_(numbers))).all())
    lines = tuple(
        AskLine(a.id or 0, names[a.volunteer_id], a.status, a.source, a.asked_at, a.answer_by, a.answered_at)
        for a in asks
    )
    run = session.get_one(ClassRun, search.class_run_id)
    class_name = f"{session.get_one(Site, run.site_id).name} {run.name}"
    places = tuple(words.of(row) for row in search.places_json)
    return SearchView(search, class_name, names.get(search.instead_of_id or 0, ""), places, lines)


def open_groups(session: Session, actor: Actor, monday: date, q: str = "") -> tuple[Group, ...]:
    """Places that a substitute could be looked for: those of people whose name holds `q`; without it, the open ones.

    Only at sites that the actor may change.

    Raises:
        NotAllowed. NotFound: `week_not_published`.
    """
    require(actor, Action.MANAGE_ROSTER)
    standing = Standing(session, monday)
    sites = {
        run.site for run in standing.problem.classes
        if may(actor, Action.MANAGE_ROSTER, at_class(session, int(run.id[1:])))
    }  # fmt: skip
    if not q.strip():
        return tuple(_grouped(standing, "", list(standing.open_rows(sites))))
    found: list[Group] = []
    for v, name in standing.people.items():
        if q.strip() in name:
            mine = [r for r in standing.rows_of(v) if standing.problem.class_run[r["class"]].site in sites]
            found += _grouped(standing, v, mine)
    return tuple(found[:MOST_SHOWN])


def _grouped(standing: Standing, volunteer: str, rows: list[Row]) -> list[Group]:
    by_place: dict[tuple[date, str], list[Place]] = {}
    for row in rows:
        place = standing.place(row)
        by_place.setdefault((place.day, row["class"]), []).append(place)
    return [
        Group(volunteer, standing.people.get(volunteer, ""), run, standing.classes[run], day,
              tuple(sorted(places, key=lambda p: (p.starts, p.kind))))
        for (day, run), places in sorted(by_place.items())
    ]  # fmt: skip


def see_candidates(
    session: Session, actor: Actor, monday: date, rows: list[Row], instead_of: str | None
) -> tuple[Group, tuple[Candidate, ...]]:
    """Who could take places, ranked, and the others with the rules against them.

    Raises:
        NotAllowed. NotFound: `week_not_published`. Refused: as `checked`.
    """
    require(actor, Action.MANAGE_ROSTER)
    standing = Standing(session, monday)
    places = checked(standing, rows)
    require(actor, Action.MANAGE_ROSTER, at_class(session, int(places[0]["class"][1:])))
    return _grouped(standing, instead_of or "", places)[0], standing.candidates(places, instead_of)


def asked_of(session: Session, actor: Actor) -> tuple[Asked, ...]:
    """What the volunteer is asked just now.

    Raises:
        NotAllowed: for who is no volunteer.
    """
    if actor.volunteer_id is None:
        raise NotAllowed("volunteer_needed")
    wanted = (
        select(SubstituteAsk, SubstituteSearch, ClassRun, Site)
        .join(SubstituteSearch, col(SubstituteSearch.id) == SubstituteAsk.search_id)
        .join(ClassRun, col(ClassRun.id) == SubstituteSearch.class_run_id)
        .join(Site, col(Site.id) == ClassRun.site_id)
        .where(SubstituteAsk.volunteer_id == actor.volunteer_id, SubstituteAsk.status == AskStatus.ASKED,
               col(SubstituteAsk.answer_by) > clock.now())
        .order_by(col(SubstituteAsk.answer_by))
    )  # fmt: skip
    return tuple(_asked(session, *row) for row in session.exec(wanted))


def see_link(session: Session, token: str) -> AskPage:
    """What the link of a message asks, and how that stands.

    Raises:
        Refused, NotFound: as `ask_of_link`.
    """
    ask = ask_of_link(session, token)
    search = session.get_one(SubstituteSearch, ask.search_id)
    run = session.get_one(ClassRun, search.class_run_id)
    asked = _asked(session, ask, search, run, session.get_one(Site, run.site_id))
    return AskPage(session.get_one(Volunteer, ask.volunteer_id).name, ask.status, asked)


def absent_groups(session: Session, actor: Actor, monday: date) -> tuple[Group, ...]:
    """Places of those who have said that they cannot come and whom nobody has replaced, at the actor's sites.

    Raises:
        NotAllowed. NotFound: `week_not_published`.
    """
    require(actor, Action.MANAGE_ROSTER)
    absences = open_absences(session, monday)
    if not absences:
        return ()
    standing, found = Standing(session, monday), []
    for v in dict.fromkeys(f"v{one.absence.volunteer_id}" for one in absences):
        mine = [
            row for row in standing.rows_of(v)
            if standing.is_away(v, row) and may(actor, Action.MANAGE_ROSTER, at_class(session, int(row["class"][1:])))
        ]  # fmt: skip
        found += _grouped(standing, v, mine)
    return tuple(found[:MOST_SHOWN])


def _asked(session: Session, ask: SubstituteAsk, search: SubstituteSearch, run: ClassRun, site: Site) -> Asked:
    words = Places(in_force(session, search.week))
    places = tuple(words.of(row) for row in search.places_json)
    assert ask.answer_by is not None
    return Asked(
        ask.id or 0, search.day, places, run.name, words.children[f"c{run.id}"], site.name, site.address, ask.answer_by
    )
