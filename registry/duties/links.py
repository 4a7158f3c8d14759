"""Links of messages that need no password: signed, for one purpose, one volunteer and what they then have, and over
after a while.

A token is 51 bytes in base64: the key's version, purpose, volunteer, days, expiry, what it is bound to, a seal. It is
bound to a digest of the entries (and the phone it was sent to), or to the number of a swap or of a request to stand in:
where the roster has changed since, or the phone is another's now, the link does nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from registry import clock
from registry.duties.answer_tables import UsedLink
from registry.duties.days import duties_of, lessons_of
from registry.duties.moment import moment
from registry.duties.tables import RosteredDuty, RosteredLesson
from registry.errors import Refused
from registry.keys import key_ring
from registry.people import Volunteer

PURPOSES = ("answer", "swap", "ask")
_SIGNED_FOR = "duty link"
_SHAPE = struct.Struct(">BIIBI6s")
BOUND = 6
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says. `bound` is a digest of entries, or the number of a swap or of a request to stand in."""

    purpose: str
    volunteer_id: int
    first: date
    last: date
    expires_at: datetime
    bound: bytes

    @property
    def ask_id(self) -> int:
        """The request to stand in that it answers."""
        return int.from_bytes(self.bound, "big")

    @property
    def swap_id(self) -> int:
        """The swap that it answers."""
        return int.from_bytes(self.bound, "big")


def make_link(link: Link) -> str:
    """The token."""
    data = _SHAPE.pack(
        PURPOSES.index(link.purpose), link.volunteer_id, link.first.toordinal(), (link.last - link.first).days,
        int(link.expires_at.timestamp()), link.bound,
    )  # fmt: skip
    return base64.urlsafe_b64encode(key_ring().sign(data, _SIGNED_FOR)).decode().rstrip("=")


def read_link(session: Session, token: str) -> Link:
    """What a token says, as long as it is good.

    Raises:
        Refused: `link_wrong`, where it is none of ours or was changed on the way; `link_expired`.
    """
    data = key_ring().signed(_bytes(token), _SIGNED_FOR)
    if data is None or len(data) != _SHAPE.size:
        raise Refused("link_wrong")
    purpose, volunteer, first, days, until, bound = _SHAPE.unpack(data)
    begins = date.fromordinal(first)
    found = Link(
        PURPOSES[purpose], volunteer, begins, begins + timedelta(days=days), datetime.fromtimestamp(until, UTC), bound
    )
    if found.expires_at <= moment(session):
        raise Refused("link_expired")
    return found


def _bytes(token: str) -> bytes:
    try:
        if len(token) > LONGEST or not token.isascii():
            raise ValueError
        return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused("link_wrong") from None


def digest_of(session: Session, volunteer_id: int, first: date, last: date) -> bytes:
    """What somebody has to do in some days, and the phone that they are told it by."""
    duties = duties_of(session, volunteer_id, first, last)
    return digest(phone_of(session, volunteer_id), duties, lessons_of(session, volunteer_id, first, last))


def phone_of(session: Session, volunteer_id: int) -> str:
    """The phone of a volunteer, or nothing."""
    return session.get_one(Volunteer, volunteer_id).phone or ""


def digest(phone: str, duties: Iterable[RosteredDuty], lessons: Iterable[RosteredLesson]) -> bytes:
    """The digest of entries and a phone."""
    lines = [f"{d.day} {d.part} {d.class_run_id} {d.role}" for d in duties]
    lines += [f"{x.day} {x.slot} {x.class_run_id} {x.course_id} {x.room_id}" for x in lessons]
    return hashlib.sha256("\n".join([phone, *sorted(lines)]).encode()).digest()[:BOUND]


def use_once(session: Session, token: str, link: Link) -> bool:
    """Take note that a link has done its work; False where it had before."""
    key = hashlib.sha256(_bytes(token)).hexdigest()
    if session.get(UsedLink, key) is not None:
        return False
    session.add(UsedLink(token_hash=key, volunteer_id=link.volunteer_id, used_at=clock.now()))
    session.flush()
    return True


def is_used(session: Session, token: str) -> bool:
    """Whether a link has done its work."""
    return session.get(UsedLink, hashlib.sha256(_bytes(token)).hexdigest()) is not None
