"""A volunteer's week as iCal (RFC 5545), for any calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone

from api.speak import prints as speak
from api.speak import weeks as week_words
from api.speak.language import Language
from registry.clock import SHANGHAI
from registry.rostering.week_cards import Card, Stay
from registry.rostering.week_store import DraftLine

ZONE = "Asia/Shanghai"
SINCE = date(2000, 1, 1)
"""The time zone is described from here on: the summer time of 1986 to 1991 would only confuse old calendars."""


def calendar(card: Card, draft: DraftLine, places: Mapping[str, str], language: Language) -> bytes:
    """The volunteer's duties and visits as events; `places` are addresses by site id.

    An event is known by the place in the week that it takes (a segment, for a visit a slot), so that a calendar that
    reads a later version moves it instead of adding another; the number of the draft is its sequence. Equal drafts
    give equal files.
    """
    made = Calendar.new(
        prodid=f"-//Qingzai//qingzai {draft.version}//{language.upper()}",
        method="PUBLISH",
        name=speak.line("calendar", language, name=card.name),
        uid=_uid(draft, card, "week"),
        language="zh-CN" if language == "zh" else "en",
        subcomponents=[Timezone.from_tzid(ZONE, first_date=SINCE)],
    )
    for stay in card.stays:
        made.add_component(_event(stay, card, draft, places, language))
    found: bytes = made.to_ical()
    return found


def _event(stay: Stay, card: Card, draft: DraftLine, places: Mapping[str, str], language: Language) -> Event:
    kind = "visit" if stay.role == "visit" else "duty"
    address = places.get(stay.site, "")
    return Event.new(
        uid=_uid(draft, card, f"{kind}-{stay.key}"),
        sequence=draft.id,
        stamp=draft.finished_at or draft.created_at,
        start=_moment(stay.date, stay.start),
        end=_moment(stay.date, stay.end),
        summary=_summary(stay, language),
        location=f"{stay.site_name} ({address})" if address else stay.site_name,
        description="\n".join(_details(stay, language)),
    )


def _uid(draft: DraftLine, card: Card, what: str) -> str:
    return f"{draft.week.isoformat()}-{card.id}-{what}@qingzai"


def _moment(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=minutes)


def _summary(stay: Stay, language: Language) -> str:
    facts = {"place": stay.site_name, "class_name": stay.class_name or week_words.grades(stay.grades, language)}
    if stay.role == "visit":
        return speak.line("lesson_summary", language, course=stay.lessons[0].course, **facts)
    return speak.line("duty_summary", language, role=week_words.word("role", stay.role, language), **facts)


def _details(stay: Stay, language: Language) -> list[str]:
    """The children, the lessons to give, who is there too: a line each."""
    home = speak.labels(language)["home_room"]
    said = [speak.counted("children", stay.children, language)]
    for x in stay.lessons:
        facts = {"start": week_words.clock(x.start), "end": week_words.clock(x.end), "room": x.room or home}
        said.append(speak.line("lesson_line", language, course=x.course, **facts))
    if stay.others:
        said.append(speak.line("with", language, names=list(stay.others)))
    return said
