"""Two drawings of a handbook as SVG: the days of a term, and where a child was seen. Told in words as well, and legible
in black and white: what matters is a shape, never a colour alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from api.speak import keepsakes as speak
from api.speak.language import Language
from registry.growth.tables import NOTE_DOMAINS

INK, WARM, LINE = "#3a2f28", "#9a4f2b", "#b9aca0"
WIDTH = 640
"""Of every drawing, in its own units; it is shown as wide as there is room."""
ON_PAPER, ON_SCREEN = "Noto Sans SC", "inherit"
DAYS_A_ROW = 10
ROUND = 'stroke-linecap="round"'


def days(attendance: Mapping[str, Any], language: Language, font: str = ON_SCREEN) -> str:
    """The days of the term, ten in a row: a full circle, came; half of one, excused; an empty one, did not come."""
    found = [(date.fromisoformat(day), state) for day, state in attendance["days"]]
    step, rows = WIDTH / DAYS_A_ROW, (len(found) + DAYS_A_ROW - 1) // DAYS_A_ROW
    marks = [
        _day(found[n], step * (n % DAYS_A_ROW + 0.5), 24 + 66 * (n // DAYS_A_ROW), font) for n in range(len(found))
    ]
    told = "；".join(f"{speak.day(day.isoformat(), language)} {speak.label(state, language)}" for day, state in found)
    return _svg(66 * rows, speak.label("term", language), told, "".join(marks))


def _day(one: tuple[date, str], x: float, y: float, font: str) -> str:
    day, state = one
    line = LINE if state == "away" else WARM
    ring = f'<circle cx="{x:.1f}" cy="{y}" r="15" fill="none" stroke="{line}" stroke-width="1.6"/>'
    if state == "came":
        ring = f'<circle cx="{x:.1f}" cy="{y}" r="15" fill="{WARM}"/>'
        ring += (
            f'<path d="M{x - 6:.1f} {y}l4.5 5 8-9" fill="none" stroke="#fff" stroke-width="2.2" '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )
    elif state == "excused":
        ring += f'<path d="M{x - 15:.1f} {y}a15 15 0 0 0 30 0z" fill="{WARM}" fill-opacity="0.55"/>'
    return ring + _text(x, y + 34, f"{day.month}.{day.day}", font, 15, "middle")


def interests(content: Mapping[str, Any], language: Language, font: str = ON_SCREEN) -> str:
    """A line a domain from the first day of the term to the last: dots where something was noted, rings where the class
    had such a lesson on a day on which the child was there."""
    first, last = date.fromisoformat(content["first"]), date.fromisoformat(content["last"])
    left, right, height = 96, 20, 54
    wide = WIDTH - left - right

    def at(day: str) -> float:
        return left + wide * (date.fromisoformat(day) - first).days / max(1, (last - first).days)

    shown = []
    for row, domain in enumerate(NOTE_DOMAINS):
        y = 28 + row * height
        seen, offered = _by_day(content["map"]["seen"], domain), _by_day(content["map"]["offered"], domain)
        shown.append(f'<path d="M{left} {y}H{WIDTH - right}" stroke="{LINE}" stroke-width="1"/>')
        shown.append(_text(0, y + 6, speak.domain(domain, language), font, 18))
        shown += [
            f'<circle cx="{at(day):.1f}" cy="{y}" r="10" fill="#fff" stroke="{INK}" stroke-width="1.2"/>'
            for day in offered
        ]
        shown += [_dots(at(day), y, n) for day, n in seen.items()]
    foot = 28 + len(NOTE_DOMAINS) * height - 12
    shown.append(_text(left, foot + 10, speak.day(content["first"], language), font, 15, "start"))
    shown.append(_text(WIDTH - right, foot + 10, speak.day(content["last"], language), font, 15, "end"))
    return _svg(foot + 18, speak.label("map", language), _told(content, language), "".join(shown))


def _dots(x: float, y: float, count: int) -> str:
    """The notes of one day: one dot, or several above each other."""
    places = [y + (n - (count - 1) / 2) * 13 for n in range(count)]
    return "".join(
        f'<circle cx="{x:.1f}" cy="{place:.1f}" r="{6.5 if count == 1 else 5.5}" fill="{WARM}"/>' for place in places
    )


def _by_day(pairs: Sequence[Sequence[str]], domain: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for day, its in pairs:
        if its == domain:
            found[day] += 1
    return found


def _told(content: Mapping[str, Any], language: Language) -> str:
    """The map in words, for who cannot see it."""
    said = []
    comma = "、" if language == "zh" else ", "
    for domain in NOTE_DOMAINS:
        seen = _by_day(content["map"]["seen"], domain)
        facts = {
            "domain": speak.domain(domain, language), "n": sum(seen.values()),
            "days": comma.join(speak.day(day, language) for day in seen),
        }  # fmt: skip
        said.append(speak.sentence("map_desc" if seen else "map_none", facts, language))
    return "；".join(said) if language == "zh" else "; ".join(said)


def _svg(height: float, title: str, told: str, body: str) -> str:
    # The colours are attributes: the pages' policy allows no styles inside a page.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(title)}：{escape(told)}"><title>{escape(title)}</title><desc>{escape(told)}</desc>{body}</svg>'
    )


def _text(x: float, y: float, words: str, font: str, size: int, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{font}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{INK}">{escape(words)}</text>'
    )


def sun() -> str:
    """The ornament of a cover: a sun over hills, in lines."""
    rays = "".join(
        f'<path d="M120 66l0 -14" transform="rotate({angle} 120 96)" stroke="{WARM}" stroke-width="2" {ROUND}/>'
        for angle in range(-90, 91, 18)
    )
    hill = "M10 112C50 84 78 88 104 104S176 124 230 96"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 130" role="presentation" aria-hidden="true">'
        f'<path d="M98 96a22 22 0 0 1 44 0" fill="none" stroke="{WARM}" stroke-width="2"/>{rays}'
        f'<path d="{hill}" fill="none" stroke="{INK}" stroke-width="1.6" {ROUND}/>'
        f'<path d="M30 124C80 104 130 122 210 114" fill="none" stroke="{LINE}" stroke-width="1.4" {ROUND}/></svg>'
    )
