"""What the interface takes and answers about consent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.v1.models import Model
from registry.privacy.consents import ConsentRow, PastAnswer
from registry.privacy.tables import ConsentItem


class Consent(Model):
    """An item that is asked about a child: the text in force and the newest answer, null where there is none."""

    item: ConsentItem
    is_required: bool
    version: int = Field(examples=[1])
    digest: str = Field(description="SHA-256 of both texts.")
    zh: str
    en: str
    is_open: bool = Field(description="Whether this text was neither agreed to nor refused.")
    is_given: bool | None
    answered_at: datetime | None

    @classmethod
    def of(cls, row: ConsentRow) -> Consent:
        """From a row of the registry."""
        text, answer = row.text, row.answer
        return cls(
            item=row.item, is_required=text.is_required, version=text.version, digest=text.digest, zh=text.zh,
            en=text.en, is_open=row.is_open, is_given=answer.is_given if answer else None,
            answered_at=answer.at if answer else None,
        )  # fmt: skip


class ConsentAnswer(Model):
    """An answer that was once given."""

    item: ConsentItem
    is_given: bool
    at: datetime
    by: str = Field(examples=["张三丰"])
    version: int
    digest: str

    @classmethod
    def of(cls, past: PastAnswer) -> ConsentAnswer:
        """From a row of the registry."""
        record = past.record
        return cls(
            item=past.item, is_given=record.is_given, at=record.at, by=past.guardian_name, version=past.version,
            digest=record.text_digest,
        )  # fmt: skip


class Consents(Model):
    """What is asked about a child, and every answer that was ever given, the newest first."""

    items: list[Consent]
    history: list[ConsentAnswer]


class AnswerIn(Model):
    """An answer to one text."""

    item: ConsentItem
    digest: Annotated[str, Field(max_length=64, description="Of the text that was shown.")]
    is_given: bool


class ConsentAnswers(Model):
    """Answers to some items."""

    answers: Annotated[list[AnswerIn], Field(max_length=20)]
    is_sure: bool = Field(
        False, description="A no to what is required withdraws the child's applications: say that this is meant."
    )

    def given(self) -> dict[ConsentItem, bool | None]:
        """Yes or no by item."""
        return {answer.item: answer.is_given for answer in self.answers}

    def seen(self) -> dict[ConsentItem, str]:
        """The texts that were shown, by item."""
        return {answer.item: answer.digest for answer in self.answers}
