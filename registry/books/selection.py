"""Which notes and photos a book takes where nobody has chosen, and which it must leave out, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from registry.growth.language import Kind as FindingKind
from registry.growth.language import called, check_language
from registry.growth.tables import Observation, Photo

MOST_MOMENTS, MOST_PHOTOS, MOST_MEMOIR_PHOTOS = 6, 12, 24


class Why(StrEnum):
    """Why something is left out."""

    CONSENT_MISSING = "consent_missing"
    CONSENT_REFUSED = "consent_refused"
    PHOTO_GONE = "photo_gone"
    PHOTO_WAITS = "photo_waits"
    NAMES_CHILD = "names_child"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A note or photo that is not in a book: which, why, and the children or words that are the reason."""

    what: str
    number: int
    why: Why
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consents:
    """The newest answers about photos in the class's books, by child: True, False, or None where nobody answered."""

    given: Mapping[int, bool]
    names: Mapping[int, str]

    def against(self, children: Iterable[int]) -> tuple[tuple[int, Why], ...]:
        """Those of the children whose guardians have not agreed, and in which way."""
        found = []
        for child in sorted(children):
            answer = self.given.get(child)
            if not answer:
                found.append((child, Why.CONSENT_MISSING if answer is None else Why.CONSENT_REFUSED))
        return tuple(found)


def names_other_child(texts: Iterable[str], own: Collection[str], others: Collection[str]) -> tuple[str, ...]:
    """The names of other children that the texts hold. A name that the child itself is called by is none."""
    wanted = dict(enumerate(texts))
    named = check_language({str(key): text for key, text in wanted.items()}, others)
    mine = called(own)
    words = (one.words for one in named if one.kind is FindingKind.OTHER_CHILD)
    return tuple(dict.fromkeys(word for word in words if word not in mine))


def photo_left_out(photo: Photo, children: Iterable[int], consents: Consents) -> LeftOut | None:
    """Why a photo may not be in a book, or None. Whoever can be recognised in it has to have a yes."""
    if photo.removed_at is not None:
        return LeftOut("photo", photo.id or 0, Why.PHOTO_GONE)
    if photo.released_at is None:
        return LeftOut("photo", photo.id or 0, Why.PHOTO_WAITS)
    against = consents.against(children)
    if not against:
        return None
    worst = max((why for _, why in against), key=lambda why: why is Why.CONSENT_REFUSED)
    return LeftOut("photo", photo.id or 0, worst, tuple(consents.names.get(child, "") for child, _ in against))


def moments_by_rule(notes: Sequence[Observation], most: int = MOST_MOMENTS) -> list[Observation]:
    """At most six notes over the term: one of each domain first, the rest spread evenly; in order of time."""
    if len(notes) <= most:
        return list(notes)
    kept: dict[int, Observation] = {}
    for domain in dict.fromkeys(note.domain for note in notes):
        newest = [note for note in notes if note.domain == domain][-1]
        kept[newest.id or 0] = newest
    rest = [note for note in notes if note.id not in kept]
    wanted = most - len(kept)
    for step in range(wanted):
        note = rest[step * len(rest) // wanted]
        kept[note.id or 0] = note
    return [note for note in notes if note.id in kept]
