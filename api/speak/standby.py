"""Sentences about stand-bys: how many are needed on a weekday, who, and which absences nothing covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from api.speak.language import Language, Pair, fill, pick
from api.speak.rosters import entry
from scheduler.files.rosters import write_duty, write_lesson
from scheduler.roster.problem import Duty

if TYPE_CHECKING:
    from scheduler.roster.standby import Absence, Day

WEEKDAYS: tuple[Pair, ...] = (
    ("周一", "Monday"),
    ("周二", "Tuesday"),
    ("周三", "Wednesday"),
    ("周四", "Thursday"),
    ("周五", "Friday"),
    ("周六", "Saturday"),
    ("周日", "Sunday"),
)

SAID: Mapping[str, Pair] = {
    "fewest": (
        "{day}：{n} 名候补就能顶上 {covered} 个单人缺勤，已证明不能更少",
        "{day}: {n} on stand-by cover any one of {covered} absences; proven: fewer do not",
    ),
    "found": (
        "{day}：{n} 名候补能顶上 {covered} 个单人缺勤（至少要 {fewest} 名）",
        "{day}: {n} on stand-by cover any one of {covered} absences (at least {fewest} are needed)",
    ),
    "none": ("{day}：没有哪个缺勤能由候补顶上", "{day}: there is no absence that anybody on stand-by could cover"),
    "who": ("  候补：{names}", "  stand-by: {names}"),
    "harmless": ("  {n} 个人缺勤不影响安全和课程", "  {n} absences make nothing worse"),
    "uncovered": ("  {n} 个人缺勤没有候补能顶上：", "  {n} absences that nothing covers:"),
    "absence": ("    {volunteer}：{missed}", "    {volunteer}: {missed}"),
}


def told(day: Day, language: Language) -> Iterator[str]:
    """A weekday in a few lines."""
    kind = "none" if not day.covered else "fewest" if day.fewest >= len(day.standbys) else "found"
    facts: dict[str, object] = {"n": len(day.standbys), "covered": len(day.covered), "fewest": day.fewest}
    yield _say(kind, {"day": pick(WEEKDAYS[day.weekday - 1], language), **facts}, language)
    if day.standbys:
        yield _say("who", {"names": list(day.standbys)}, language)
    if day.harmless:
        yield _say("harmless", {"n": day.harmless}, language)
    if day.uncovered:
        yield _say("uncovered", {"n": len(day.uncovered)}, language)
    for absence in day.uncovered:
        missed = ("；" if language == "zh" else "; ").join(entry(e, language) for e in absence.missed)
        yield _say("absence", {"volunteer": absence.volunteer, "missed": missed}, language)


def _say(code: str, facts: Mapping[str, object], language: Language) -> str:
    return fill(pick(SAID[code], language), facts, language)


def facts(day: Day) -> dict[str, object]:
    """A weekday as plain JSON values."""
    return {
        "weekday": day.weekday,
        "standbys": list(day.standbys),
        "fewest": day.fewest,
        "harmless": day.harmless,
        "covered": [absence.volunteer for absence in day.covered],
        "uncovered": [_absence(absence) for absence in day.uncovered],
    }


def _absence(absence: Absence) -> dict[str, object]:
    duties = [write_duty(e) for e in absence.missed if isinstance(e, Duty)]
    lessons = [write_lesson(e) for e in absence.missed if not isinstance(e, Duty)]
    return {"volunteer": absence.volunteer, "duties": duties, "lessons": lessons}
