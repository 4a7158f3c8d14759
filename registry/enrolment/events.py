"""The history of an application: what happened, when, by whom, as codes and facts."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from registry import clock
from registry.accounts.permissions import Actor
from registry.enrolment.tables import Application, ApplicationEvent


def note(session: Session, application: Application, code: str, actor: Actor | None = None, **facts: Any) -> None:
    """Write down what happened. Facts are plain JSON values."""
    assert application.id is not None
    session.add(
        ApplicationEvent(
            application_id=application.id, at=clock.now(), code=code, facts=facts,
            account_id=actor.account_id if actor else None,
        )
    )  # fmt: skip


def history(session: Session, application: Application) -> list[ApplicationEvent]:
    """All that happened to an application, the newest first."""
    own = select(ApplicationEvent).where(ApplicationEvent.application_id == application.id)
    return list(session.exec(own.order_by(col(ApplicationEvent.id).desc())))
