"""Requests of guardians: correct this, delete that. A person of the office decides, and every guardian is told."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.outbox import post
from registry.accounts.permissions import Action, Actor, require
from registry.accounts.tables import Account
from registry.conventions.names import mask_name
from registry.conventions.texts import note_of
from registry.errors import Conflict, FieldProblem, Invalid, NotFound
from registry.families.reads import own_child
from registry.families.tables import Child, Guardian, Guardianship
from registry.privacy.access_log import note_access
from registry.privacy.erasure import erase_child, standing
from registry.privacy.tables import DataRequest

CORRECTION, DELETION = "correction", "deletion"
KINDS = (CORRECTION, DELETION)
OPEN, DONE, REFUSED, TAKEN_BACK = "open", "done", "refused", "taken_back"
LONGEST = 1000
MOST_SHOWN = 200


def make_request(session: Session, actor: Actor, child_id: int, kind: str, text: str) -> DataRequest:
    """Ask the office to correct or to delete what is held about a child of the actor's.

    Raises:
        NotFound: `child_unknown`.
        Invalid: `choose_one` at `kind`; at `text` `too_long`, and `needed` for a correction.
        Conflict: `request_open`, where the same is asked already; `application_stands` for a deletion, with the
            numbers of applications that have to be withdrawn before.
    """
    own_child(session, actor, child_id, Action.MAKE_REQUEST)
    if kind not in KINDS:
        raise Invalid(FieldProblem("kind", "choose_one"))
    words = note_of("text", text, LONGEST)
    if kind == CORRECTION and not words:
        raise Invalid(FieldProblem("text", "needed"))
    if any(one.kind == kind and one.status == OPEN for one in requests_of(session, child_id)):
        raise Conflict("request_open")
    if kind == DELETION:
        _nothing_stands(session, child_id)
    assert actor.guardian_id is not None
    made = DataRequest(
        guardian_id=actor.guardian_id, child_id=child_id, kind=kind, text=words, status=OPEN, created_at=clock.now()
    )
    session.add(made)
    session.flush()
    note_access(session, actor.account_id, Action.MAKE_REQUEST.value, "child", child_id, field=kind)
    _tell(session, child_id, f"{kind}_asked")
    return made


def _nothing_stands(session: Session, child_id: int) -> None:
    if found := standing(session, child_id):
        raise Conflict("application_stands", numbers=sorted(one.number for one in found))


def requests_of(session: Session, child_id: int) -> list[DataRequest]:
    """What was asked about a child, the newest first. Whoever calls has asked for permission."""
    own = select(DataRequest).where(DataRequest.child_id == child_id)
    return list(session.exec(own.order_by(col(DataRequest.id).desc())))


def own_requests(session: Session, actor: Actor, child_id: int) -> list[DataRequest]:
    """The same, for its family.

    Raises:
        NotFound: `child_unknown`.
    """
    own_child(session, actor, child_id, Action.MAKE_REQUEST)
    return requests_of(session, child_id)


def take_back(session: Session, actor: Actor, child_id: int, request_id: int) -> None:
    """A guardian does not want it any more: either of the two may say so.

    Raises:
        NotFound: `child_unknown`, `request_unknown`. Conflict: `request_decided`.
    """
    own_child(session, actor, child_id, Action.MAKE_REQUEST)
    found = next((one for one in requests_of(session, child_id) if one.id == request_id), None)
    if found is None:
        raise NotFound("request_unknown", request=request_id)
    if found.status != OPEN:
        raise Conflict("request_decided")
    found.status, found.decided_at = TAKEN_BACK, clock.now()
    session.add(found)
    _tell(session, child_id, f"{found.kind}_taken_back")
    session.flush()


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A request as the office reads it: the child masked; `stands` names what a deletion has to wait for."""

    request: DataRequest
    child: str
    guardian: str
    stands: tuple[str, ...]


def open_requests(session: Session, actor: Actor) -> list[AskedLine]:
    """What waits for a decision, the oldest first, then what was decided, the newest first; 200 at the most.

    Raises:
        NotAllowed: for who does not decide.
    """
    require(actor, Action.DECIDE_REQUEST)
    rows = (
        select(DataRequest, Child, Guardian.name)
        .outerjoin(Child, col(Child.id) == DataRequest.child_id)
        .join(Guardian, col(Guardian.id) == DataRequest.guardian_id)
    )
    waiting = session.exec(rows.where(DataRequest.status == OPEN).order_by(col(DataRequest.id))).all()
    past = rows.where(DataRequest.status != OPEN).order_by(col(DataRequest.id).desc()).limit(MOST_SHOWN)
    return [_line(session, *row) for row in (*waiting, *session.exec(past))]


def _line(session: Session, request: DataRequest, child: Child | None, guardian: str) -> AskedLine:
    holds = standing(session, child.id or 0) if child and request.status == OPEN else []
    return AskedLine(
        request, mask_name(child.name) if child else "", mask_name(guardian), tuple(one.number for one in holds)
    )


def decide(session: Session, actor: Actor, request_id: int, *, is_granted: bool, answer: str) -> DataRequest:
    """Do what was asked, or say why not. A deletion is done at once; a correction was made by the guardian or office.

    Raises:
        NotAllowed: for who does not decide. NotFound: `request_unknown`.
        Invalid: at `answer`: `needed` where it is refused, `too_long`.
        Conflict: `request_decided`; `application_stands`, as `make_request`.
    """
    require(actor, Action.DECIDE_REQUEST)
    found = session.get(DataRequest, request_id, with_for_update=True)
    if found is None:
        raise NotFound("request_unknown", request=request_id)
    if found.status != OPEN or found.child_id is None:
        raise Conflict("request_decided")
    found.answer = note_of("answer", answer, LONGEST)
    if not is_granted and not found.answer:
        raise Invalid(FieldProblem("answer", "needed"))
    if is_granted and found.kind == DELETION:
        _nothing_stands(session, found.child_id)
    found.status, found.decided_at = DONE if is_granted else REFUSED, clock.now()
    found.decided_by_id = actor.account_id
    session.add(found)
    session.flush()
    _tell(session, found.child_id, f"{found.kind}_{found.status}")
    note_access(
        session, actor.account_id, Action.DECIDE_REQUEST.value, "child", found.child_id,
        field=f"{found.kind}.{found.status}",
    )  # fmt: skip
    if is_granted and found.kind == DELETION:
        erase_child(session, found.child_id, actor.account_id, "request")
    return found


def _tell(session: Session, child_id: int, code: str) -> None:
    """A message to every guardian, by the child's masked name."""
    whom = (
        select(Account, Child.name)
        .join(Guardian, col(Guardian.account_id) == Account.id)
        .join(Guardianship, col(Guardianship.guardian_id) == Guardian.id)
        .join(Child, col(Child.id) == Guardianship.child_id)
        .where(Guardianship.child_id == child_id, col(Account.is_active))
        .order_by(col(Account.id))
    )
    for account, name in session.exec(whom).all():
        post(session, account.phone, f"data_{code}", {"child": mask_name(name)}, account.language)
