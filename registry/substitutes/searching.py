"""Beginning and ending searches for substitutes, and whose turn it is in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.outbox import post
from registry.accounts.permissions import Action, Actor, Subject, require
from registry.db import Sessions
from registry.duties.amend import hold_week
from registry.duties.links import BOUND, Link, make_link
from registry.duties.publish import number_of
from registry.errors import Conflict, NotFound, Refused
from registry.people import Volunteer
from registry.programme import ClassRun, Site, is_made_up
from registry.substitutes.standing import Row, Standing, checked
from registry.substitutes.tables import AskStatus, SearchStatus, SubstituteAsk, SubstituteSearch

LEAST_MINUTES, MOST_MINUTES = 5, 3 * 24 * 60
FIRST_ASKED, MOST_ASKED = 8, 30
"""How many are on the list where nobody is named; how many may be."""


def begin_search(
    session: Session, actor: Actor, monday: date, rows: Sequence[Row], people: Sequence[str] = (), *,
    instead_of: str | None = None, minutes: int = 60,
) -> SubstituteSearch:  # fmt: skip
    """Look for somebody who takes these places of one class and day, and ask the first at once.

    `instead_of` has the places now; without, they are open. `people` are asked in this order; where nobody is named,
    the best few by the ranking.

    Raises:
        NotAllowed: a class at a site of somebody else's. NotFound: `week_not_published`; `class_unknown`.
        Refused: `entry_malformed`, `substitute_places`; `substitute_minutes`; `substitute_begun`, it is too late;
            `substitute_nobody`; `substitute_most`; `substitute_not_free`, with who and the rules.
        Conflict: `entry_gone`: the places are not that person's, or not open; `substitute_running`.
    """
    require(actor, Action.MANAGE_ROSTER)
    hold_week(session, monday)
    standing = Standing(session, monday)
    places = checked(standing, rows)
    require(actor, Action.MANAGE_ROSTER, at_class(session, number_of(places[0]["class"])))
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise Refused("substitute_minutes", least=LEAST_MINUTES, most=MOST_MINUTES)
    if not standing.is_there(places, instead_of):
        raise Conflict("entry_gone")
    if has_begun(session, standing, places):
        raise Refused("substitute_begun")
    _refuse_twice(session, monday, places, instead_of)
    order = _order(standing, places, instead_of, people)
    made = SubstituteSearch(
        week=monday, day=standing.place(places[0]).day, class_run_id=number_of(places[0]["class"]), places_json=places,
        instead_of_id=number_of(instead_of) if instead_of else None, minutes=minutes, begun_by_id=actor.account_id,
        begun_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add_all(
        SubstituteAsk(search_id=made.id or 0, volunteer_id=number_of(v), rank=n) for n, v in enumerate(order, start=1)
    )
    session.flush()
    ask_next(session, made, standing)
    return made


def _order(standing: Standing, places: Sequence[Row], instead_of: str | None, people: Sequence[str]) -> list[str]:
    if not people:
        ranked = standing.candidates(places, instead_of)
        people = [c.volunteer for c in ranked if not c.rules][:FIRST_ASKED]
    if not people:
        raise Refused("substitute_nobody")
    if len(people) > MOST_ASKED:
        raise Refused("substitute_most", most=MOST_ASKED)
    for v in people:
        if v == instead_of or (rules := standing.against(places, instead_of, v)):
            rules = () if v == instead_of else rules
            raise Refused("substitute_not_free", name=standing.people.get(v, v), rules=list(rules))
    return list(dict.fromkeys(people))


def _refuse_twice(session: Session, monday: date, places: Sequence[Row], instead_of: str | None) -> None:
    wanted = select(SubstituteSearch).where(
        SubstituteSearch.week == monday, SubstituteSearch.status == SearchStatus.OPEN,
        SubstituteSearch.class_run_id == number_of(places[0]["class"]),
        SubstituteSearch.instead_of_id == (number_of(instead_of) if instead_of else None),
    )  # fmt: skip
    if any(row in other.places_json for other in session.exec(wanted) for row in places):
        raise Conflict("substitute_running")


def at_class(session: Session, class_run_id: int) -> Subject:
    """The site of a class.

    Raises:
        NotFound: `class_unknown`.
    """
    run = session.get(ClassRun, class_run_id)
    if run is None:
        raise NotFound("class_unknown", id=class_run_id, week="")
    return Subject(site_ids=frozenset({run.site_id}))


def has_begun(session: Session, standing: Standing, places: Sequence[Row]) -> bool:
    """Whether it is too late to ask anybody. In a made-up summer it never is."""
    return not is_made_up(session) and standing.begins(places) <= clock.now()


def ask_next(session: Session, search: SubstituteSearch, standing: Standing) -> SubstituteAsk | None:
    """Ask whoever comes next, if the search goes on at all. Who is being asked for another place of that day keeps the
    turn; whom the rules do not allow any more is passed over. For whoever holds the week."""
    instead_of = f"v{search.instead_of_id}" if search.instead_of_id else None
    if not standing.is_there(search.places_json, instead_of):
        end(session, search, SearchStatus.OUTDATED)
        return None
    waiting = [a for a in asks_of(session, search) if a.status == AskStatus.WAITING]
    if has_begun(session, standing, search.places_json):
        waiting = []
    is_put_off = False
    for ask in waiting:
        if _is_asked(session, ask.volunteer_id, search.day):
            is_put_off = True
        elif standing.against(search.places_json, instead_of, f"v{ask.volunteer_id}"):
            ask.status = AskStatus.PASSED.value
            session.add(ask)
        else:
            return _ask(session, search, standing, ask)
    if not is_put_off:
        end(session, search, SearchStatus.EXHAUSTED)
    session.flush()
    return None


def _is_asked(session: Session, volunteer_id: int, day: date) -> bool:
    wanted = (
        select(SubstituteAsk.id)
        .join(SubstituteSearch, col(SubstituteSearch.id) == SubstituteAsk.search_id)
        .where(SubstituteAsk.volunteer_id == volunteer_id, SubstituteAsk.status == AskStatus.ASKED,
               SubstituteSearch.day == day)
    )  # fmt: skip
    return session.exec(wanted.limit(1)).first() is not None


def _ask(session: Session, search: SubstituteSearch, standing: Standing, ask: SubstituteAsk) -> SubstituteAsk:
    now = clock.now()
    until = now + timedelta(minutes=search.minutes)
    if not is_made_up(session):
        until = min(until, standing.begins(search.places_json))
    ask.status, ask.asked_at, ask.answer_by = AskStatus.ASKED.value, now, until
    session.add(ask)
    session.flush()
    phone = session.get_one(Volunteer, ask.volunteer_id).phone
    if phone:
        bound = (ask.id or 0).to_bytes(BOUND, "big")
        token = make_link(Link("ask", ask.volunteer_id, search.day, search.day, until, bound))
        facts = facts_of(session, search, standing) | {"until": until.isoformat(), "stand_in": token}
        post(session, phone, "substitute_asked", facts)
    return ask


def facts_of(session: Session, search: SubstituteSearch, standing: Standing) -> dict[str, str]:
    """What messages about a search say: where and when."""
    run = session.get_one(ClassRun, search.class_run_id)
    places = [standing.place(row) for row in search.places_json]
    return {
        "site": session.get_one(Site, run.site_id).name, "class": run.name, "day": search.day.isoformat(),
        "starts": min(p.starts for p in places).strftime("%H:%M"),
        "ends": max(p.ends for p in places).strftime("%H:%M"),
    }  # fmt: skip


def asks_of(session: Session, search: SubstituteSearch) -> list[SubstituteAsk]:
    """The list of a search, in order."""
    wanted = select(SubstituteAsk).where(SubstituteAsk.search_id == search.id)
    return list(session.exec(wanted.order_by(col(SubstituteAsk.rank))))


def end(session: Session, search: SubstituteSearch, status: SearchStatus) -> None:
    """End a search: nobody is asked any more. Whoever was is told, and the site's coordinator how it ended."""
    search.status, search.ended_at = status.value, clock.now()
    session.add(search)
    run = session.get_one(ClassRun, search.class_run_id)
    site = session.get_one(Site, run.site_id)
    facts = {"site": site.name, "class": run.name, "day": search.day.isoformat()}
    for ask in asks_of(session, search):
        if ask.status in (AskStatus.WAITING, AskStatus.ASKED):
            if ask.status == AskStatus.ASKED and (phone := session.get_one(Volunteer, ask.volunteer_id).phone):
                post(session, phone, "substitute_spared", facts)
            ask.status = AskStatus.SPARED.value
            session.add(ask)
    if site.coordinator_phone and status in (SearchStatus.FILLED, SearchStatus.EXHAUSTED):
        post(session, site.coordinator_phone, f"substitute_{status.value}", facts)
    session.flush()


def stop_search(session: Session, actor: Actor, search_id: int) -> SubstituteSearch:
    """Ask nobody any more.

    Raises:
        NotAllowed, NotFound: as `find_search`. Conflict: `substitute_over`, it has ended already.
    """
    found = find_search(session, actor, search_id)
    hold_week(session, found.week)
    session.refresh(found)
    if found.status != SearchStatus.OPEN:
        raise Conflict("substitute_over")
    end(session, found, SearchStatus.STOPPED)
    return found


def find_search(session: Session, actor: Actor, search_id: int) -> SubstituteSearch:
    """A search at a site that the actor may change.

    Raises:
        NotAllowed. NotFound: `substitute_unknown`.
    """
    require(actor, Action.MANAGE_ROSTER)
    found = session.get(SubstituteSearch, search_id)
    if found is None:
        raise NotFound("substitute_unknown", search=search_id)
    require(actor, Action.MANAGE_ROSTER, at_class(session, found.class_run_id))
    return found


def move_on(sessions: Sessions) -> int:
    """Whose deadline is over has had the turn: the next is asked, each search in a unit of work of its own. So is
    whoever was put off. Answers how many turns were over."""
    with sessions() as session:
        asked = select(SubstituteAsk.search_id).where(SubstituteAsk.status == AskStatus.ASKED)
        late = asked.where(col(SubstituteAsk.answer_by) <= clock.now())
        idle = select(SubstituteSearch.id).where(
            SubstituteSearch.status == SearchStatus.OPEN, col(SubstituteSearch.id).not_in(asked)
        )
        due = sorted({*session.exec(late), *(n or 0 for n in session.exec(idle))})
    moved = 0
    for number in due:
        with sessions(is_writing=True) as session:
            moved += _move_on(session, number)
    return moved


def _move_on(session: Session, search_id: int) -> int:
    search = session.get_one(SubstituteSearch, search_id)
    hold_week(session, search.week)
    session.refresh(search)
    if search.status != SearchStatus.OPEN:
        return 0
    late = [a for a in asks_of(session, search) if a.status == AskStatus.ASKED]
    for ask in late:
        if ask.answer_by is None or ask.answer_by > clock.now():
            return 0
        ask.status = AskStatus.LAPSED.value
        session.add(ask)
    session.flush()
    ask_next(session, search, Standing(session, search.week))
    return len(late)
