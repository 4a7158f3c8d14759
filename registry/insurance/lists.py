"""The list as it would be now, beside the last one that was made final; making one final, approving and taking it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor, require
from registry.accounts.tables import Account
from registry.conventions.texts import line_of
from registry.db import take_turns
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.insurance.persons import Found, Insured, persons
from registry.insurance.tables import InsuranceList
from registry.privacy.access_log import note_access, note_many
from registry.programme import Term

LARGEST_ID, LONGEST_NOTE = 2**31 - 1, 200
WHOLE_TERM = "term"
MADE, APPROVED, TAKEN = "insurance.make", "insurance.approve", "insurance.take"


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two lists. Whoever was corrected is taken off and put on anew."""

    added: tuple[Insured, ...]
    removed: tuple[Insured, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both say the same."""
        return not (self.added or self.removed)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The list of a term or day as it would be now."""

    term: Term
    day: date | None
    found: Found
    last: InsuranceList | None
    changes: Changes


@dataclass(frozen=True, slots=True)
class SentLine:
    """A final list, and who made and approved it."""

    list: InsuranceList
    term: str
    made_by: str
    approved_by: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What is handed to the insurer: the whole list, and what is new and gone since the one before."""

    list: InsuranceList
    term: str
    rows: tuple[Insured, ...]
    changes: Changes


def outlook(session: Session, actor: Actor, term_id: int, day: date | None = None) -> Outlook:
    """Who has to be insured, and what changed since the last list of that term or day.

    Raises:
        NotAllowed: for anybody but the office. NotFound: `term_unknown`. Invalid: `day_outside` at `day`.
    """
    require(actor, Action.INSURE)
    term = session.get(Term, term_id) if 0 < term_id <= LARGEST_ID else None
    if term is None:
        raise NotFound("term_unknown", term=term_id)
    if day is not None and not term.starts_on <= day <= term.ends_on:
        raise Invalid(FieldProblem("day", "day_outside", {"first": term.starts_on, "last": term.ends_on}))
    found, last = persons(session, term, day), _last(session, term_id, _scope(day))
    return Outlook(term, day, found, last, changes(_rows(last), found.rows))


def make_final(session: Session, actor: Actor, term_id: int, day: date | None, note: str = "") -> InsuranceList:
    """Keep the list as it is now. That each child stands on it is in the access log.

    Raises:
        As `outlook`; Invalid: `too_long`, `text_malformed` at `note`. Conflict: `insurance_unchanged`,
            `insurance_nobody`.
    """
    require(actor, Action.INSURE)
    take_turns(session, f"insurance {term_id}")
    said = line_of("note", note, LONGEST_NOTE)
    now = outlook(session, actor, term_id, day)
    if now.changes.is_empty:
        raise Conflict("insurance_unchanged" if now.last else "insurance_nobody")
    rows = json.dumps([row.to_json() for row in now.found.rows], ensure_ascii=False, sort_keys=True)
    made = InsuranceList(
        term_id=term_id, scope=_scope(day), number=now.last.number + 1 if now.last else 1,
        covered_until=day or now.term.ends_on, persons=len(now.found.rows), added=len(now.changes.added),
        removed=len(now.changes.removed), digest=sha256(rows.encode()).hexdigest(), rows=rows, note=said,
        made_at=clock.now(), made_by_id=actor.account_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    note_access(session, actor.account_id, MADE, "insurance_list", made.id)
    on_it = sorted({row.person_id for row in now.found.rows if row.kind == "child"})
    note_many(session, actor.account_id, MADE, "child", on_it, reason="insurance")
    return made


def approve(session: Session, actor: Actor, list_id: int) -> InsuranceList:
    """Approve a list that somebody else made.

    Raises:
        NotAllowed; NotFound: `insurance_unknown`. Conflict: `export_own`, `export_approved`.
    """
    require(actor, Action.INSURE)
    found = _find(session, list_id)
    take_turns(session, f"insurance {found.term_id}")
    session.refresh(found)
    if found.made_by_id == actor.account_id:
        raise Conflict("export_own")
    if found.approved_at is not None:
        raise Conflict("export_approved")
    found.approved_at, found.approved_by_id = clock.now(), actor.account_id
    session.add(found)
    note_access(session, actor.account_id, APPROVED, "insurance_list", list_id)
    return found


def take(session: Session, actor: Actor, list_id: int, address: str = "") -> Taken:
    """A list to be handed to the insurer; each time is in the access log.

    Raises:
        NotAllowed; NotFound: `insurance_unknown`. Conflict: `export_not_approved`; `insurance_over`, where the cover
            ended so long ago that the names are gone.
    """
    require(actor, Action.INSURE)
    found = _find(session, list_id)
    if found.approved_at is None:
        raise Conflict("export_not_approved")
    if found.rows is None:
        raise Conflict("insurance_over")
    before = select(InsuranceList).where(
        InsuranceList.term_id == found.term_id, InsuranceList.scope == found.scope,
        InsuranceList.number == found.number - 1,
    )  # fmt: skip
    rows = _rows(found)
    note_access(session, actor.account_id, TAKEN, "insurance_list", list_id, address=address)
    term = session.get_one(Term, found.term_id)
    return Taken(found, f"{term.year} {term.name}", rows, changes(_rows(session.exec(before).first()), rows))


def final_lists(session: Session, actor: Actor) -> list[SentLine]:
    """The lists that were made, the newest first.

    Raises:
        NotAllowed: for anybody but the office.
    """
    require(actor, Action.INSURE)
    found = list(session.exec(select(InsuranceList).order_by(col(InsuranceList.id).desc()).limit(100)))
    terms = {term.id: f"{term.year} {term.name}" for term in session.exec(select(Term))}
    people = {one for row in found for one in (row.made_by_id, row.approved_by_id) if one is not None}
    names = dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(people))).all())
    return [
        SentLine(
            row, terms[row.term_id], names.get(row.made_by_id, ""), names.get(row.approved_by_id, ""),
            row.made_by_id == actor.account_id,
        )
        for row in found
    ]  # fmt: skip


def changes(before: Sequence[Insured], now: Sequence[Insured]) -> Changes:
    """What is new and what is gone, in the order of the lists."""
    return Changes(_without(now, before), _without(before, now))


def _without(rows: Iterable[Insured], others: Iterable[Insured]) -> tuple[Insured, ...]:
    known = set(others)
    return tuple(row for row in rows if row not in known)


def _scope(day: date | None) -> str:
    return day.isoformat() if day else WHOLE_TERM


def _last(session: Session, term_id: int, scope: str) -> InsuranceList | None:
    mine = select(InsuranceList).where(InsuranceList.term_id == term_id, InsuranceList.scope == scope)
    return session.exec(mine.order_by(col(InsuranceList.number).desc())).first()


def _find(session: Session, list_id: int) -> InsuranceList:
    found = session.get(InsuranceList, list_id) if 0 < list_id <= LARGEST_ID else None
    if found is None:
        raise NotFound("insurance_unknown", insurance_list=list_id)
    return found


def _rows(found: InsuranceList | None) -> tuple[Insured, ...]:
    return tuple(Insured(**row) for row in json.loads(found.rows)) if found and found.rows else ()
