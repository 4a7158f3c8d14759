"""What the interface takes and answers about families. Phones of others and paper numbers are masked."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from sqlmodel import Session

from api.v1.models import Masked, Model
from registry.accounts.permissions import Actor
from registry.conventions.names import mask_name
from registry.conventions.phones import mask_phone
from registry.families.guardians import Asked
from registry.families.inputs import ChildInput
from registry.families.start import as_guardian
from registry.families.tables import AuthorizedCollector, EmergencyContact, GuardianInvitation
from registry.families.views import ChildCard, ChildPage, GuardianLine

LONGEST = 2000
"""Characters of any text that is sent. What may be kept is shorter, and refused at its field."""

Text = Annotated[str, Field(max_length=LONGEST)]
Day = Annotated[Text, Field(examples=["2017-09-01"], description="A date, in any of the usual ways.")]
Relation = Annotated[Text, Field(examples=["mother"])]
PeopleList = Literal["collectors", "contacts"]


def renewed(session: Session, actor: Actor) -> Actor:
    """The actor after their record as a guardian was made in this very request."""
    return as_guardian(session, actor, "")


class GuardianIn(Model):
    """The own name."""

    name: Text = Field(examples=["张三丰"])


class Guardian(Model):
    """The own record as a guardian."""

    id: int = Field(examples=[7])
    name: str = Field(examples=["张三丰"])


class ChildIn(Model):
    """A child's details."""

    name: Text = Field(examples=["阿卜杜热西提·买买提"])
    sex: Text = Field(description="male or female", examples=["male"])
    born_on: Day
    entry_year: int = Field(ge=1900, le=2200, description="The year of school entry.", examples=[2024])
    school: Text = Field(default="", examples=["示范小学"])

    def entered(self) -> ChildInput:
        """As the registry takes it."""
        return ChildInput(self.name, self.sex, self.born_on, str(self.entry_year), self.school)


class NewChild(ChildIn):
    """A new child, and what the guardian is to it."""

    relation: Relation
    guardian_name: Text = Field(default="", examples=["张三丰"])


class HealthNote(Model):
    """What those who look after the child should know."""

    text: Text = Field(examples=["对花生过敏"])


class PaperIn(Model):
    """An identity paper."""

    kind: Text = Field(examples=["resident_id"])
    number: Text = Field(examples=["99000020150307001X"])


class ChildLine(Model):
    """A child and what is missing: consents, contact."""

    id: int = Field(examples=[3])
    name: str = Field(examples=["阿卜杜热西提·买买提"])
    entry_year: int = Field(examples=[2024])
    grade: str = Field(examples=["grade 2 in school year 2025/26, grade 3 from September"])
    missing: list[str] = Field(examples=[["consents", "contact"]])
    can_enrol: bool = Field(description="Whether the required consent is given.")

    @classmethod
    def of(cls, card: ChildCard, grade: str) -> ChildLine:
        """From a card of the registry."""
        child = card.child
        assert child.id is not None
        return cls(
            id=child.id, name=child.name, entry_year=child.entry_year, grade=grade, missing=list(card.missing),
            can_enrol=not card.is_blocked,
        )  # fmt: skip


class Children(Model):
    """The own children, in the order in which they were entered."""

    items: list[ChildLine]


class PersonIn(Model):
    """Somebody who may collect the child, or is called in an emergency."""

    name: Text = Field(examples=["李四"])
    phone: Text = Field(examples=["13800138000"])
    relation: Relation


class PersonLine(Model):
    """The same, as it is kept."""

    id: int = Field(examples=[5])
    name: str = Field(examples=["李四"])
    phone: str = Field(examples=["138****8000"])
    relation: str = Field(examples=["relative"])

    @classmethod
    def of(cls, person: AuthorizedCollector | EmergencyContact) -> PersonLine:
        """With a masked phone."""
        assert person.id is not None
        return cls(id=person.id, name=person.name, phone=mask_phone(person.phone), relation=person.relation)


class RestrictionIn(Model):
    """Somebody who must not collect the child."""

    name: Text = Field(examples=["赵六"])
    note: Text = Field(default="", examples=["有法院文书"])


class Restriction(Model):
    """The same, as it is kept."""

    id: int = Field(examples=[2])
    name: str
    note: str | None


class GuardianOf(Model):
    """A guardian of the child; the phone is whole to its owner alone."""

    name: str = Field(examples=["张三丰"])
    relation: str = Field(examples=["mother"])
    phone: str = Field(examples=["138****8000"])
    is_me: bool

    @classmethod
    def of(cls, line: GuardianLine) -> GuardianOf:
        """From a line of the registry."""
        return cls(name=line.name, relation=line.relation, phone=line.phone, is_me=line.is_me)


class InvitationIn(Model):
    """Whom to ask in."""

    phone: Text = Field(examples=["13900139000"])
    relation: Relation


class InvitationLine(Model):
    """An invitation that was not answered."""

    id: int = Field(examples=[4])
    phone: str = Field(examples=["139****9000"])
    relation: str = Field(examples=["father"])

    @classmethod
    def of(cls, invitation: GuardianInvitation) -> InvitationLine:
        """With a masked phone."""
        assert invitation.id is not None
        return cls(id=invitation.id, phone=mask_phone(invitation.phone), relation=invitation.relation)


class Child(ChildLine):
    """A child with all that its guardians keep about it."""

    sex: str = Field(examples=["male"])
    born_on: date
    school: str
    health_note: str | None
    paper: str = Field(description="The masked number of an identity paper.", examples=["990***********001X"])
    guardians: list[GuardianOf]
    invitations: list[InvitationLine]
    collectors: list[PersonLine]
    contacts: list[PersonLine]
    forbidden_collectors: list[Restriction]

    @classmethod
    def of(cls, page: ChildPage, grade: str) -> Child:  # type: ignore[override]
        """From a page of the registry."""
        line, child = ChildLine.of(page.card, grade), page.child
        return cls(
            **line.model_dump(), sex=child.sex, born_on=child.born_on, school=child.school,
            health_note=child.health_note, paper=page.masked_paper,
            guardians=[GuardianOf.of(one) for one in page.guardians],
            invitations=[InvitationLine.of(one) for one in page.invitations],
            collectors=[PersonLine.of(one) for one in page.collectors],
            contacts=[PersonLine.of(one) for one in page.contacts],
            forbidden_collectors=[Restriction.model_validate(one) for one in page.restrictions],
        )  # fmt: skip


class Invitation(Model):
    """An invitation as the one who is asked sees it."""

    id: int = Field(examples=[4])
    child: Masked
    by: Masked
    relation: str = Field(examples=["father"])

    @classmethod
    def of(cls, asked: Asked) -> Invitation:
        """With masked names."""
        found = asked.invitation
        assert found.id is not None
        return cls(
            id=found.id, child=mask_name(asked.child_name), by=mask_name(asked.by_name), relation=found.relation
        )  # fmt: skip


class Invitations(Model):
    """Invitations to the own phone."""

    items: list[Invitation]


class Acceptance(Model):
    """What shows that the invitation reached the right person. `guardian_name` as in `NewChild`."""

    born_on: Day
    guardian_name: Text = Field(default="", examples=["李四"])


class Joined(Model):
    """Whether the birthday was right."""

    joined: bool
