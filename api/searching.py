"""What may be asked of the class runs of a round; the pages and the interface take the same."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from fastapi import Depends, Query

from registry.enrolment.search import Wanted

LARGEST_ID = 2**31 - 1
HOURS = r"^([01]\d|2[0-3]):[0-5]\d$"

Text = Annotated[str, Query(max_length=50)]


def read_wanted(
    subdistrict: Annotated[str, Query(max_length=50, description="Only sites of this sub-district.")] = "",
    term: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="Only this term.")] = None,
    grade: Annotated[
        int | None, Query(ge=0, le=20, description="For a child of this grade in the school year that is ending.")
    ] = None,
    lunch: Annotated[bool, Query(description="Only with lunch.")] = False,
    nap: Annotated[bool, Query(description="Only with a nap.")] = False,
    opens: Annotated[str | None, Query(pattern=HOURS, description="Open at this time or earlier: 08:30.")] = None,
    until: Annotated[str | None, Query(pattern=HOURS, description="Open until this time or later: 17:30.")] = None,
    near: Annotated[str, Query(max_length=50, description="Measure from the middle of this sub-district.")] = "",
    longitude: Annotated[float | None, Query(ge=-180, le=180, description="Measure from here, with latitude.")] = None,
    latitude: Annotated[float | None, Query(ge=-90, le=90)] = None,
    within: Annotated[float | None, Query(ge=0, le=1000, description="At most so many kilometres away.")] = None,
    q: Annotated[str, Query(max_length=100, description="Words in site, sub-district, address or class.")] = "",
) -> Wanted:
    """What is looked for."""
    here = (longitude, latitude) if longitude is not None and latitude is not None else None
    return Wanted(
        subdistrict=subdistrict or None, term_id=term, grade=grade, lunch=lunch, nap=nap, from_=_time(opens),
        until=_time(until), near=near or None, here=here, within_km=within, words=q,
    )  # fmt: skip


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


SearchedFor = Annotated[Wanted, Depends(read_wanted)]
