"""A volunteer's duties as iCal (RFC 5545) for a calendar that asks again and again."""

from __future__ import annotations

from datetime import datetime

from icalendar import Calendar, Event, Timezone

from api.prints.calendar import SINCE, ZONE
from api.speak import prints as speak
from api.speak import weeks as week_words
from api.speak.language import Language
from registry.clock import SHANGHAI
from registry.duties.feed import Feed
from registry.duties.mine import Stay


def feed_calendar(feed: Feed, language: Language) -> bytes:
    """The stays as events. An event is known by the day, the part and the class, and the number of the version in
    force is its sequence, so that a calendar moves what it has instead of adding another."""
    made = Calendar.new(
        prodid=f"-//Qingzai//qingzai//{language.upper()}",
        method="PUBLISH",
        name=speak.line("calendar", language, name=feed.name),
        uid=f"volunteer-{feed.volunteer_id}@qingzai",
        language="zh-CN" if language == "zh" else "en",
        subcomponents=[Timezone.from_tzid(ZONE, first_date=SINCE)],
    )
    for stay in feed.stays:
        made.add_component(_event(stay, feed, language))
    found: bytes = made.to_ical()
    return found


def _event(stay: Stay, feed: Feed, language: Language) -> Event:
    version, at = feed.version_of(stay.day)
    course = stay.lessons[0].course if stay.lessons and not stay.role else ""
    return Event.new(
        uid=f"{stay.day.isoformat()}-{stay.parts[0]}-{stay.starts:%H%M}-c{stay.class_run_id}-v{feed.volunteer_id}@qingzai",
        sequence=version,
        stamp=at,
        start=datetime.combine(stay.day, stay.starts, SHANGHAI),
        end=datetime.combine(stay.day, stay.ends, SHANGHAI),
        summary=_summary(stay, course, language),
        location=f"{stay.site} ({stay.address})" if stay.address else stay.site,
        description="\n".join(_details(stay, language)),
    )


def _summary(stay: Stay, course: str, language: Language) -> str:
    facts = {"place": stay.site, "class_name": stay.class_run}
    if course:
        return speak.line("lesson_summary", language, course=course, **facts)
    return speak.line("duty_summary", language, role=week_words.word("role", stay.role, language), **facts)


def _details(stay: Stay, language: Language) -> list[str]:
    home = speak.labels(language)["home_room"]
    said = [speak.counted("children", stay.children, language)]
    for x in stay.lessons:
        facts = {"start": f"{x.starts:%H:%M}", "end": f"{x.ends:%H:%M}", "room": x.room or home}
        said.append(speak.line("lesson_line", language, course=x.course, **facts))
    return said
