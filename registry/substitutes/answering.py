"""Answers of those who are asked: whoever accepts is rostered at once; who declines hands the turn on."""

from __future__ import annotations

from sqlmodel import Session

from registry import clock
from registry.accounts.permissions import Actor
from registry.duties.amend import amend, hold_week
from registry.duties.links import read_link
from registry.duties.publish import version_of
from registry.duties.releases import tell_affected
from registry.errors import Conflict, NotAllowed, NotFound, Refused, SolveFailed
from registry.substitutes.searching import ask_next, end, find_search
from registry.substitutes.standing import Standing, filled
from registry.substitutes.tables import AskStatus, SearchStatus, SubstituteAsk, SubstituteSearch

PAGE, LINK, DESK = "page", "link", "desk"


def answer_own(session: Session, actor: Actor, ask_id: int, accepts: bool) -> SubstituteAsk:
    """Say yes or no as the volunteer who is asked.

    Raises:
        NotAllowed: for who is no volunteer. NotFound: `ask_unknown`, also where somebody else is asked.
        Conflict: as `answer`.
    """
    if actor.volunteer_id is None:
        raise NotAllowed("volunteer_needed")
    found = session.get(SubstituteAsk, ask_id)
    if found is None or found.volunteer_id != actor.volunteer_id:
        raise NotFound("ask_unknown", ask=ask_id)
    return answer(session, found, accepts=accepts, source=PAGE, by=actor.account_id)


def answer_by_link(session: Session, token: str, accepts: bool) -> SubstituteAsk:
    """Say yes or no by the link of the message.

    Raises:
        Refused: `link_wrong`, `link_expired`. NotFound: `ask_unknown`. Conflict: as `answer`.
    """
    return answer(session, ask_of_link(session, token), accepts=accepts, source=LINK, by=None)


def ask_of_link(session: Session, token: str) -> SubstituteAsk:
    """What the link of a message asks. Looking changes nothing.

    Raises:
        Refused: `link_wrong`, `link_expired`. NotFound: `ask_unknown`.
    """
    link = read_link(session, token)
    if link.purpose != "ask":
        raise Refused("link_wrong")
    found = session.get(SubstituteAsk, link.ask_id)
    if found is None or found.volunteer_id != link.volunteer_id:
        raise NotFound("ask_unknown", ask=link.ask_id)
    return found


def answer_for(session: Session, actor: Actor, search_id: int, ask_id: int, accepts: bool) -> SubstituteAsk:
    """Write down what somebody said on the phone.

    Raises:
        NotAllowed, NotFound: as `find_search`; `ask_unknown`. Conflict: as `answer`.
    """
    search, found = find_search(session, actor, search_id), session.get(SubstituteAsk, ask_id)
    if found is None or found.search_id != search.id:
        raise NotFound("ask_unknown", ask=ask_id)
    return answer(session, found, accepts=accepts, source=DESK, by=actor.account_id)


def answer(session: Session, ask: SubstituteAsk, *, accepts: bool, source: str, by: int | None) -> SubstituteAsk:
    """Take an answer. Whoever accepts what the rules, or somebody's change, do not allow any more is passed over: the
    status of what comes back tells.

    Raises:
        Conflict: `ask_over`: it was answered, the deadline is over, or nobody is asked any more.
    """
    search = session.get_one(SubstituteSearch, ask.search_id)
    hold_week(session, search.week)
    session.refresh(search)
    session.refresh(ask)
    now = clock.now()
    if ask.status != AskStatus.ASKED or ask.answer_by is None or ask.answer_by <= now:
        raise Conflict("ask_over")
    ask.answered_at, ask.source = now, source
    if accepts and _take(session, search, ask, by):
        ask.status = AskStatus.ACCEPTED.value
        session.add(ask)
        session.flush()
        end(session, search, SearchStatus.FILLED)
        return ask
    ask.status = (AskStatus.PASSED if accepts else AskStatus.DECLINED).value
    session.add(ask)
    session.flush()
    ask_next(session, search, Standing(session, search.week))
    return ask


def _take(session: Session, search: SubstituteSearch, ask: SubstituteAsk, by: int | None) -> bool:
    """Publish the week with the volunteer in the places; False where that cannot be any more."""
    standing, who = Standing(session, search.week), f"v{ask.volunteer_id}"
    instead_of = f"v{search.instead_of_id}" if search.instead_of_id else None
    rows = search.places_json
    if not standing.is_there(rows, instead_of) or standing.against(rows, instead_of, who):
        return False
    gone = [filled(row, instead_of) for row in rows] if instead_of else []
    try:
        with session.begin_nested():
            made = amend(
                session, search.week, remove=gone, add=[filled(row, who) for row in rows], by=by,
                renewed=[ask.volunteer_id],
            )  # fmt: skip
    except (Conflict, SolveFailed):
        return False
    search.version = made.number
    session.add(search)
    tell_affected(session, made, version_of(session, search.week, made.number - 1))
    return True
