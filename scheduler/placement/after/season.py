"""A season as it goes on: one event after the other, each with what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scheduler.placement.after.asking import open_offers
from scheduler.placement.after.offers import Offer
from scheduler.placement.after.standing import Pair, Standing
from scheduler.placement.problem import Child

GIVE_BACK, WITHDRAW, APPLY, CANCEL, MOVE, CONFIRM = "give-back", "withdraw", "apply", "cancel", "move", "confirm"
ACCEPT, DECLINE, EXPIRE = "accept", "decline", "expire"
KINDS = (GIVE_BACK, WITHDRAW, APPLY, CANCEL, ACCEPT, DECLINE, EXPIRE, MOVE, CONFIRM)
"""What may happen, as events are written in a file."""
FILL = "fill"
"""Not an event: what would follow if everybody said yes."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `place` is where it stands in its file; fields that its kind does not have are empty."""

    kind: str
    place: str
    child: str = ""
    class_run: str = ""
    leaves: str | None = None
    children: tuple[Child, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A place that was taken or left (one of both may be None), and the kind of event that it followed from."""

    kind: str
    child: str
    takes: str | None
    leaves: str | None


@dataclass(frozen=True)
class Season:
    """A standing, what is asked of whom, and what came before.

    `declined`: wishes that a child does not want any more; `expired`: offers without an answer in time, not made again
    in this round; `confirmed`: places whose children said that they will come.
    """

    standing: Standing
    offers: tuple[Offer, ...] = ()
    declined: frozenset[Pair] = frozenset()
    expired: frozenset[Pair] = frozenset()
    confirmed: frozenset[Pair] = frozenset()
    changes: tuple[Change, ...] = ()

    def asked(self) -> Season:
        """Everything that is free is offered; offers that nobody waits for any more have lapsed."""
        return replace(self, offers=open_offers(self.standing, self.passed, self.offers))

    @property
    def passed(self) -> frozenset[Pair]:
        """Whom nobody asks about what again in this round."""
        return self.declined | self.expired
