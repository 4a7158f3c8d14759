"""What families keep about their children: the same actions as on the pages, for whoever signs in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, status

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession, Speech
from api.speak import families
from api.v1 import consent_models
from api.v1 import family_models as models
from api.v1.accounts import PERSONAL
from registry import clock
from registry.accounts.permissions import Action
from registry.families.around import remove_person, save_collector, save_contact, save_restriction
from registry.families.children import change_child, remove_child, set_health_note, set_paper
from registry.families.guardians import (
    asked_of_me,
    decline_invitation,
    invite_guardian,
    save_guardian,
    withdraw_invitation,
)
from registry.families.inputs import PersonInput, RestrictionInput
from registry.families.leaving import leave_child
from registry.families.reads import own_child
from registry.families.start import enter_child, join_family
from registry.families.tables import AuthorizedCollector, CollectionRestriction, EmergencyContact
from registry.families.views import ChildPage, child_page, family_cards
from registry.privacy.consents import answer_consents, consent_rows, history

router = APIRouter(tags=["families"], responses=PERSONAL, dependencies=DESCRIBED)

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
NO_CONTENT = status.HTTP_204_NO_CONTENT
LISTS: dict[str, type[AuthorizedCollector] | type[EmergencyContact]] = {
    "collectors": AuthorizedCollector,
    "contacts": EmergencyContact,
}


def _child(page: ChildPage, language: Speech) -> models.Child:
    said = families.school_grade(page.child.entry_year, clock.today(), language)
    return models.Child.of(page, said)


@router.put("/guardian", summary="The own record as a guardian")
def put_guardian(session: DbSession, actor: SignedIn, body: models.GuardianIn) -> models.Guardian:
    """Made at first, later renamed. Whoever signs in may have one."""
    return models.Guardian.model_validate(save_guardian(session, actor, body.name))


@router.get("/children", summary="The own children")
def list_children(session: DbSession, actor: SignedIn, language: Speech) -> models.Children:
    """What is missing of each: answers to consents, an emergency contact."""
    cards = family_cards(session, actor)
    said = [families.school_grade(card.child.entry_year, clock.today(), language) for card in cards]
    return models.Children(items=[models.ChildLine.of(card, text) for card, text in zip(cards, said, strict=True)])


@router.post("/children", summary="Enter a child", status_code=status.HTTP_201_CREATED)
def post_child(session: DbSession, actor: SignedIn, language: Speech, body: models.NewChild) -> models.Child:
    """`guardian_name` is needed by whoever has no record as a guardian yet."""
    child = enter_child(session, actor, body.guardian_name, body.entered(), body.relation)
    mine = actor if actor.guardian_id is not None else models.renewed(session, actor)
    return _child(child_page(session, mine, child.id or 0), language)


@router.get("/children/{child_id}", summary="A child with all that is kept about it")
def one_child(session: DbSession, actor: SignedIn, language: Speech, child_id: RowId) -> models.Child:
    """For its guardians alone. Phones of others and paper numbers are masked."""
    return _child(child_page(session, actor, child_id), language)


@router.put("/children/{child_id}", summary="Correct a child's details")
def put_child(
    session: DbSession, actor: SignedIn, language: Speech, child_id: RowId, body: models.ChildIn
) -> models.Child:
    """All details at once."""
    change_child(session, actor, child_id, body.entered())
    return _child(child_page(session, actor, child_id), language)


@router.delete("/children/{child_id}", summary="Remove a child that has never applied", status_code=NO_CONTENT)
def delete_child(session: DbSession, actor: SignedIn, child_id: RowId) -> None:
    """One that has applied is deleted on request."""
    remove_child(session, actor, child_id)


@router.put("/children/{child_id}/health-note", summary="Note the child's health", status_code=NO_CONTENT)
def put_health(session: DbSession, actor: SignedIn, child_id: RowId, body: models.HealthNote) -> None:
    """Needs the consent `health`. An empty text deletes the note."""
    set_health_note(session, actor, child_id, body.text)


@router.put("/children/{child_id}/paper", summary="The child's identity paper", status_code=NO_CONTENT)
def put_paper(session: DbSession, actor: SignedIn, child_id: RowId, body: models.PaperIn) -> None:
    """Only where the district collects papers, once a place is confirmed, and with the consent `insurance`."""
    set_paper(session, actor, child_id, body.kind, body.number)


@router.get("/children/{child_id}/consents", summary="What is asked about a child, and the answers")
def list_consents(session: DbSession, actor: SignedIn, child_id: RowId) -> consent_models.Consents:
    """The texts in force with the newest answers, and every answer that was ever given."""
    own_child(session, actor, child_id, Action.ANSWER_CONSENT)
    return consent_models.Consents(
        items=[consent_models.Consent.of(row) for row in consent_rows(session, child_id)],
        history=[consent_models.ConsentAnswer.of(past) for past in history(session, child_id)],
    )


@router.post("/children/{child_id}/consents", summary="Agree or refuse, item by item")
def post_consents(
    session: DbSession, actor: SignedIn, child_id: RowId, body: consent_models.ConsentAnswers
) -> consent_models.Consents:
    """Each answer names the text that was shown by its digest. Items that are left out stay as they are. A no to what
    is required is answered with 409 and the numbers of the applications that it ends, unless `is_sure`."""
    answer_consents(session, actor, child_id, body.given(), body.seen(), is_sure=body.is_sure)
    return list_consents(session, actor, child_id)


@router.post("/children/{child_id}/forbidden-collectors", summary="Name who must not collect", status_code=201)
def post_restriction(
    session: DbSession, actor: SignedIn, child_id: RowId, body: models.RestrictionIn
) -> models.Restriction:
    """Encrypted at rest; at most five."""
    saved = save_restriction(session, actor, child_id, RestrictionInput(body.name, body.note))
    return models.Restriction.model_validate(saved)


@router.delete(
    "/children/{child_id}/forbidden-collectors/{restriction_id}",
    summary="Take back that somebody must not collect",
    status_code=NO_CONTENT,
)
def delete_restriction(session: DbSession, actor: SignedIn, child_id: RowId, restriction_id: RowId) -> None:
    """From then on nothing warns the class lead of this person."""
    remove_person(session, actor, CollectionRestriction, child_id, restriction_id)


@router.post("/children/{child_id}/invitations", summary="Ask a second guardian in", status_code=201)
def post_invitation(
    session: DbSession, actor: SignedIn, child_id: RowId, body: models.InvitationIn
) -> models.InvitationLine:
    """By phone; nothing is sent. It holds for 30 days."""
    return models.InvitationLine.of(invite_guardian(session, actor, child_id, body.phone, body.relation))


@router.delete(
    "/children/{child_id}/invitations/{invitation_id}", summary="Take an invitation back", status_code=NO_CONTENT
)
def delete_invitation(session: DbSession, actor: SignedIn, child_id: RowId, invitation_id: RowId) -> None:
    """As long as it was not answered."""
    withdraw_invitation(session, actor, child_id, invitation_id)


@router.get("/invitations", summary="Invitations to the own phone")
def list_invitations(session: DbSession, actor: SignedIn) -> models.Invitations:
    """With masked names: the number may have been mistyped."""
    return models.Invitations(items=[models.Invitation.of(asked) for asked in asked_of_me(session, actor)])


@router.post("/invitations/{invitation_id}/accept", summary="Become a child's second guardian")
def accept_invitation(
    session: DbSession, actor: SignedIn, invitation_id: RowId, body: models.Acceptance
) -> models.Joined:
    """Needs the child's date of birth; five wrong ones end the invitation. A wrong one is answered, not refused."""
    return models.Joined(joined=join_family(session, actor, invitation_id, body.guardian_name, body.born_on))


@router.post("/invitations/{invitation_id}/decline", summary="Decline an invitation", status_code=NO_CONTENT)
def refuse_invitation(session: DbSession, actor: SignedIn, invitation_id: RowId) -> None:
    """It is over then."""
    decline_invitation(session, actor, invitation_id)


@router.post("/children/{child_id}/leave", summary="Be the child's guardian no more", status_code=NO_CONTENT)
def leave(session: DbSession, actor: SignedIn, child_id: RowId) -> None:
    """Never the last guardian. The other is told; applications go on with them."""
    leave_child(session, actor, child_id)


# These stand last: their addresses would take those above for lists of people.


@router.post("/children/{child_id}/{people}", summary="Name a collector or contact", status_code=201)
def post_person(
    session: DbSession, actor: SignedIn, child_id: RowId, people: models.PeopleList, body: models.PersonIn
) -> models.PersonLine:
    """At most three of each."""
    save = save_collector if people == "collectors" else save_contact
    person = save(session, actor, child_id, PersonInput(body.name, body.phone, body.relation))
    return models.PersonLine.of(person)


@router.put("/children/{child_id}/{people}/{person_id}", summary="Correct a collector or contact")
def put_person(
    session: DbSession,
    actor: SignedIn,
    child_id: RowId,
    people: models.PeopleList,
    person_id: RowId,
    body: models.PersonIn,
) -> models.PersonLine:
    """All details at once."""
    save = save_collector if people == "collectors" else save_contact
    person = save(session, actor, child_id, PersonInput(body.name, body.phone, body.relation), person_id)
    return models.PersonLine.of(person)


@router.delete("/children/{child_id}/{people}/{person_id}", summary="Remove a collector or contact", status_code=204)
def delete_person(
    session: DbSession, actor: SignedIn, child_id: RowId, people: models.PeopleList, person_id: RowId
) -> None:
    """Nobody else is affected."""
    remove_person(session, actor, LISTS[people], child_id, person_id)
