"""Handing a stay to a colleague, or swapping it for one of theirs: offered, accepted by the other, judged by the rules.

The rules are asked twice: when the offer is made, so that only able colleagues are offered anything, and again when it
is accepted, because both rosters may be others by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, or_, select

from registry import clock
from registry.accounts.outbox import post
from registry.accounts.permissions import Actor
from registry.db import take_turns
from registry.duties.amend import Row, amend, hold_week, key_of
from registry.duties.answer_tables import DutySwap
from registry.duties.answers import held_parts, volunteer_of
from registry.duties.known_weeks import week_in_force
from registry.duties.links import BOUND, Link, make_link, read_link
from registry.duties.moment import moment, monday_of
from registry.duties.swap_rules import Table, handed, mine_ahead, rows_of
from registry.errors import Conflict, NotFound, Refused
from registry.people import Volunteer
from registry.programme import setting

OPEN = "offered"


def offer_swap(
    session: Session, actor: Actor, day: date, class_run_id: int, parts: Sequence[str], to_id: int,
    back: tuple[date, str, int] | None = None,
) -> DutySwap:  # fmt: skip
    """Offer a stay to a colleague, `back` in return: a day, a part of it and a class of theirs.

    Raises:
        NotAllowed, NotFound: as `returns_of`.
        Conflict: `rules_against`, with the rules; `swap_offered`, one of the same entries is offered already.
    """
    me, monday = volunteer_of(actor), monday_of(day)
    hold_week(session, monday)
    give = mine_ahead(session, me, day, class_run_id, parts)
    take: list[Row] = []
    if back is not None:
        if monday_of(back[0]) != monday:
            raise NotFound("nothing_that_day", day=back[0].isoformat())
        take = mine_ahead(session, to_id, back[0], back[2], [back[1]])
    if to_id == me or session.get(Volunteer, to_id) is None:
        raise NotFound("colleague_unknown", volunteer=to_id)
    _require_able(session, monday, give, take, me, to_id)
    for other in open_swaps(session, me):
        if other.from_id == me and {key_of(r) for r in other.give_json} & {key_of(r) for r in give}:
            raise Conflict("swap_offered")
    until = moment(session) + timedelta(hours=setting(session, "volunteering")["swap_hours"])
    made = DutySwap(
        week=monday, from_id=me, to_id=to_id, give_json=give, take_json=take, made_at=clock.now(),
        expires_at=min(until, *_beginnings(session, (me, to_id), [*give, *take], monday)),
    )  # fmt: skip
    session.add(made)
    session.flush()
    _tell_offer(session, made)
    return made


def open_swaps(session: Session, volunteer_id: int) -> list[DutySwap]:
    """Offers to and from somebody that wait for an answer."""
    mine = or_(DutySwap.from_id == volunteer_id, DutySwap.to_id == volunteer_id)
    wanted = select(DutySwap).where(mine, DutySwap.status == OPEN, DutySwap.expires_at > moment(session))
    return list(session.exec(wanted.order_by(col(DutySwap.id))))


def answer_swap(session: Session, actor: Actor, swap_id: int, *, accepts: bool) -> DutySwap:
    """The colleague accepts or declines.

    Raises:
        NotAllowed: for who is no volunteer. NotFound: `swap_unknown`, also for one that was not offered to the actor.
        Conflict: `swap_over`, withdrawn, too late, or answered otherwise; `rules_against`; `entry_gone`.
    """
    return _answer(session, volunteer_of(actor), swap_id, accepts=accepts, by=actor.account_id)


def answer_swap_by_link(session: Session, token: str, *, accepts: bool) -> DutySwap:
    """The same by the link of a message.

    Raises:
        Refused: `link_wrong`, `link_expired`. Others as `answer_swap`.
    """
    link = _swap_link(session, token)
    return _answer(session, link.volunteer_id, link.swap_id, accepts=accepts, by=None)


def see_swap_link(session: Session, token: str) -> DutySwap:
    """What the link of a message is about. Looking changes nothing.

    Raises:
        Refused: `link_wrong`, `link_expired`. NotFound: `swap_unknown`.
    """
    link = _swap_link(session, token)
    return _offered_to(session, link.volunteer_id, link.swap_id)


def withdraw_swap(session: Session, actor: Actor, swap_id: int) -> DutySwap:
    """The actor takes an offer back.

    Raises:
        NotAllowed, NotFound: as `answer_swap`, of the own offers. Conflict: `swap_over`, it was answered.
    """
    me = volunteer_of(actor)
    take_turns(session, f"swap {swap_id}")
    found = session.get(DutySwap, swap_id)
    if found is None or found.from_id != me:
        raise NotFound("swap_unknown", swap=swap_id)
    session.refresh(found)
    if found.status == "withdrawn":
        return found
    if found.status != OPEN:
        raise Conflict("swap_over", status=found.status)
    return _closed(session, found, "withdrawn")


def _answer(session: Session, volunteer_id: int, swap_id: int, *, accepts: bool, by: int | None) -> DutySwap:
    found = _offered_to(session, volunteer_id, swap_id)
    hold_week(session, found.week)
    take_turns(session, f"swap {swap_id}")
    session.refresh(found)
    wanted = "accepted" if accepts else "declined"
    if found.status == wanted:  # a double tap
        return found
    if found.status != OPEN or found.expires_at <= moment(session):
        raise Conflict("swap_over", status=found.status if found.status != OPEN else "expired")
    if accepts:
        _do(session, found, by)
    made = _closed(session, found, wanted)
    _tell_answer(session, made)
    return made


def _do(session: Session, swap: DutySwap, by: int | None) -> None:
    _require_able(session, swap.week, swap.give_json, swap.take_json, swap.from_id, swap.to_id)
    come = [*handed(swap.give_json, f"v{swap.to_id}"), *handed(swap.take_json, f"v{swap.from_id}")]
    made = amend(
        session, swap.week, remove=[*swap.give_json, *swap.take_json], add=come, by=by,
        renewed=(swap.from_id, swap.to_id),
    )  # fmt: skip
    swap.version = made.number


def _offered_to(session: Session, volunteer_id: int, swap_id: int) -> DutySwap:
    found = session.get(DutySwap, swap_id)
    if found is None or found.to_id != volunteer_id:
        raise NotFound("swap_unknown", swap=swap_id)
    return found


def _closed(session: Session, swap: DutySwap, status: str) -> DutySwap:
    swap.status, swap.answered_at = status, clock.now()
    session.add(swap)
    session.flush()
    return swap


def _swap_link(session: Session, token: str) -> Link:
    link = read_link(session, token)
    if link.purpose != "swap":
        raise Refused("link_wrong")
    return link


def _require_able(
    session: Session, monday: date, give: Sequence[Row], take: Sequence[Row], me: int, to: int
) -> None:  # fmt: skip
    table = Table(session, week_in_force(session, monday), (me, to))
    if f"v{to}" not in table.problem.volunteer:
        raise NotFound("colleague_unknown", volunteer=to)
    if rules := table.against(give, take, f"v{me}", f"v{to}"):
        raise Conflict("rules_against", rules=list(rules))


def _beginnings(session: Session, people: Sequence[int], rows: Sequence[Row], monday: date) -> list[datetime]:
    """When the parts of the day begin that a swap is about: it is over before."""
    wanted = {key_of(row) for row in rows}
    return [
        held.begins_at
        for who in people
        for held in held_parts(session, who, monday, monday + timedelta(days=6)).values()
        if any(key_of(row) in wanted for run in held.class_runs for row in rows_of([held], run))
    ]


def _tell_offer(session: Session, swap: DutySwap) -> None:
    """The colleague gets a link to answer by."""
    other, me = session.get_one(Volunteer, swap.to_id), session.get_one(Volunteer, swap.from_id)
    if other.phone:
        bound = (swap.id or 0).to_bytes(BOUND, "big")
        token = make_link(Link("swap", swap.to_id, swap.week, swap.week, swap.expires_at, bound))
        facts = {"name": me.name, "week": swap.week.isoformat(), "until": swap.expires_at.isoformat(), "swap": token}
        post(session, other.phone, "duty_swap_offered", facts)


def _tell_answer(session: Session, swap: DutySwap) -> None:
    me, other = session.get_one(Volunteer, swap.from_id), session.get_one(Volunteer, swap.to_id)
    if me.phone:
        post(session, me.phone, f"duty_swap_{swap.status}", {"name": other.name, "week": swap.week.isoformat()})
