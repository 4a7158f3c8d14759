"""Consent, item by item: the texts in force, the answers of a family, what is still to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Action, Actor
from registry.books.withdraw import leave_out_child
from registry.conventions.grades import age_on
from registry.errors import Conflict, FieldProblem, Invalid
from registry.families.reads import own_child
from registry.families.tables import Child, Guardian
from registry.privacy.default_texts import digest_of
from registry.privacy.tables import ConsentItem, ConsentRecord, ConsentText
from registry.privacy.withdrawals import end, ended_by

LEAVES_ALONE_FROM = 8
"""Years of age. Younger children never leave alone, so that their guardians are not even asked (DOMAIN.md)."""

__all__ = [
    "ConsentRow", "Paper", "PastAnswer", "answer_consents", "answers", "blocking", "consent_rows", "digest_of",
    "history", "is_agreed", "items_for", "missing", "texts_now", "unanswered",
]  # fmt: skip


def texts_now(session: Session) -> dict[ConsentItem, ConsentText]:
    """The newest text of each item that is in force today, in the order of `ConsentItem`."""
    valid = select(ConsentText).where(ConsentText.valid_from <= clock.today()).order_by(col(ConsentText.version))
    newest = {ConsentItem(text.item): text for text in session.exec(valid)}
    return {item: newest[item] for item in ConsentItem if item in newest}


def items_for(born_on: date) -> list[ConsentItem]:
    """What guardians of a child of this birth are asked today."""
    is_old_enough = age_on(born_on, clock.today()) >= LEAVES_ALONE_FROM
    return [item for item in ConsentItem if item is not ConsentItem.SELF_LEAVE or is_old_enough]


def answers(session: Session, child_id: int) -> dict[ConsentItem, ConsentRecord]:
    """The newest answer about a child for each item that was ever answered."""
    given = select(ConsentRecord).where(ConsentRecord.child_id == child_id).order_by(col(ConsentRecord.id))
    return {ConsentItem(record.item): record for record in session.exec(given)}


@dataclass(frozen=True, slots=True)
class Paper:
    """A signature on paper: its day, and the account of whoever entered it."""

    signed_on: date
    entered_by: int


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """An item that is asked about a child: the text in force, and the newest answer, perhaps to an older text."""

    item: ConsentItem
    text: ConsentText
    answer: ConsentRecord | None

    @property
    def is_open(self) -> bool:
        """Whether the text in force was neither agreed to nor refused."""
        return self.answer is None or self.answer.text_digest != self.text.digest

    @property
    def is_blocking(self) -> bool:
        """Whether a child cannot be enrolled as things stand: a required text in force without a yes to it."""
        return self.text.is_required and (self.is_open or self.answer is None or not self.answer.is_given)


def consent_rows(session: Session, child_id: int) -> list[ConsentRow]:
    """Everything that is asked about a child today."""
    texts, known = texts_now(session), answers(session, child_id)
    asked = items_for(session.get_one(Child, child_id).born_on)
    return [ConsentRow(item, texts[item], known.get(item)) for item in asked if item in texts]


def unanswered(session: Session, child_id: int) -> list[ConsentItem]:
    """Items whose text in force the family has neither agreed to nor refused."""
    return [row.item for row in consent_rows(session, child_id) if row.is_open]


def blocking(session: Session, child_id: int) -> list[ConsentItem]:
    """Required items without a yes to the text in force: with these a child cannot be enrolled."""
    return [row.item for row in consent_rows(session, child_id) if row.is_blocking]


def missing(session: Session, child_id: int) -> list[ConsentItem]:
    """Everything that stands between a child and its enrolment: required items without a yes, then items without any
    answer, each once."""
    rows = consent_rows(session, child_id)
    return [row.item for row in rows if row.is_blocking] + [r.item for r in rows if r.is_open and not r.is_blocking]


def is_agreed(session: Session, child_id: int, item: ConsentItem) -> bool:
    """Whether the newest answer is yes. A yes to an older text holds until the new one is answered; who is too young
    to leave alone may not, whatever was ever answered."""
    found = answers(session, child_id).get(item)
    return found is not None and found.is_given and item in items_for(session.get_one(Child, child_id).born_on)


def answer_consents(
    session: Session,
    actor: Actor,
    child_id: int,
    given: Mapping[ConsentItem, bool | None],
    seen: Mapping[ConsentItem, str],
    paper: Paper | None = None,
    *,
    is_sure: bool = False,
) -> None:
    """Keep a guardian's answers, each to the text that was shown, which `seen` names by its digest.

    With `paper` the answers were signed on paper and entered by somebody else. Items that are not in `given` stay as
    they are, and an answer that has not changed is not stored again. A no to notes on health deletes the note at once;
    a no to photos in the class's books takes them out of those books. A no to what is required withdraws the child's
    applications; `is_sure` says that the family was told which.

    Raises:
        NotFound: `child_unknown`, also for another family's.
        Conflict: `consent_ends_applications`, with their numbers, unless `is_sure`.
        Invalid: at each item `choose_one` where it was left without an answer; `text_changed` where another text has
            come into force meanwhile; `not_asked` where this is not asked about the child.
    """
    child = own_child(session, actor, child_id, Action.ANSWER_CONSENT)
    rows = {row.item: row for row in consent_rows(session, child_id)}
    problems = [problem for item in given if (problem := _problem(item, rows.get(item), given[item], seen.get(item)))]
    if problems:
        raise Invalid(*problems)
    # A form on paper that says no is itself the draft that it refuses: its row is told so when it is sent.
    takes_back = any(_takes_back(rows[item], is_given) for item, is_given in given.items())
    if takes_back and (ended := ended_by(session, child_id, drafts=paper is None)):
        if not is_sure:
            raise Conflict("consent_ends_applications", numbers=[one.number for one in ended])
        end(session, actor, child_id, ended)
    for item, is_given in given.items():
        _keep(session, actor, rows[item], child_id, paper, is_given=bool(is_given))
    if given.get(ConsentItem.HEALTH) is False and child.health_note is not None:
        child.health_note, child.changed_at = None, clock.now()
        session.add(child)
    if given.get(ConsentItem.CLASS_PHOTO) is False:
        leave_out_child(session, child_id)
    session.flush()


def _takes_back(row: ConsentRow, is_given: bool | None) -> bool:
    """Whether a no follows a yes to what is required. A no from the first keeps an application from being sent."""
    return is_given is False and row.text.is_required and row.answer is not None and row.answer.is_given


def _problem(item: ConsentItem, row: ConsentRow | None, answer: bool | None, seen: str | None) -> FieldProblem | None:
    if row is None:
        return FieldProblem(item.value, "not_asked")
    if seen != row.text.digest:
        return FieldProblem(item.value, "text_changed")
    return FieldProblem(item.value, "choose_one") if answer is None else None


def _keep(
    session: Session, actor: Actor, row: ConsentRow, child_id: int, paper: Paper | None, *, is_given: bool
) -> None:
    if not row.is_open and row.answer is not None and row.answer.is_given == is_given:
        return
    assert row.text.id is not None and actor.guardian_id is not None
    session.add(
        ConsentRecord(
            child_id=child_id, guardian_id=actor.guardian_id, item=row.item.value, text_id=row.text.id,
            text_digest=row.text.digest, is_given=is_given, at=clock.now(),
            signed_on=paper.signed_on if paper else None, entered_by=paper.entered_by if paper else None,
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer that was once given: to which version, and by whom."""

    record: ConsentRecord
    version: int
    guardian_name: str

    @property
    def item(self) -> ConsentItem:
        """What it was about."""
        return ConsentItem(self.record.item)


def history(session: Session, child_id: int) -> list[PastAnswer]:
    """Every answer about a child, the newest first."""
    found = session.exec(
        select(ConsentRecord, ConsentText.version, Guardian.name)
        .join(ConsentText, col(ConsentText.id) == ConsentRecord.text_id)
        .join(Guardian, col(Guardian.id) == ConsentRecord.guardian_id)
        .where(ConsentRecord.child_id == child_id)
        .order_by(col(ConsentRecord.id).desc())
    )
    return [PastAnswer(record, version, name) for record, version, name in found]
