"""The benchmark's plots as SVG, made by hand: black and white, told apart by dashes, readable as they stand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

LEVELS = ("safety", "programme", "quality")
WIDTH, HEIGHT = 250, 130  # of a panel, in pixels
LEFT, TOP, BETWEEN, BELOW = 150, 84, 64, 52
STYLES = {
    ("engine", "cost"): 'stroke-width="2.4"',
    ("engine", "bound"): 'stroke-width="1" stroke-dasharray="none"',
    ("monolith", "cost"): 'stroke-width="2.4" stroke-dasharray="7 4"',
    ("monolith", "bound"): 'stroke-width="1" stroke-dasharray="2 3"',
    ("timefold", "cost"): 'stroke-width="2.4" stroke-dasharray="1.5 4"',
}
"""Thick lines are costs and thin ones bounds; whole lines are this engine and broken ones the other."""

Points = list[tuple[float, float]]


class Panel:
    """One set of axes at a place of the picture. `log` is for values that span decades, 0 included."""

    def __init__(self, x: float, y: float, right: float, top: float, *, log: bool) -> None:
        self.x, self.y, self.right, self.log = x, y, max(right, 1.0), log
        self.top = max(top, 1.0)

    def at(self, across: float, up: float) -> str:
        """A point as pixels."""
        share = math.log1p(up) / math.log1p(self.top) if self.log else up / self.top
        return f"{self.x + WIDTH * across / self.right:.1f},{self.y + HEIGHT * (1 - share):.1f}"

    def line(self, points: Points, style: str) -> str:
        """A line through points."""
        drawn = " ".join(self.at(*point) for point in points)
        return f'<polyline points="{drawn}" fill="none" stroke="black" {style}/>' if points else ""

    def axes(self, across: Iterable[float]) -> str:
        """The frame, its ticks and their numbers."""
        parts = [f'<rect x="{self.x}" y="{self.y}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="black"/>']
        for value in across:
            x = self.at(value, 0).split(",", maxsplit=1)[0]
            parts.append(f'<path d="M{x} {self.y + HEIGHT}v5" stroke="black"/>')
            parts.append(_text(float(x), self.y + HEIGHT + 17, f"{value:g}", "middle"))
        for value in self.ticks():
            y = float(self.at(0, value).split(",")[1])
            parts.append(f'<path d="M{self.x} {y:.1f}h{WIDTH}" stroke="#bbb" stroke-width="0.6"/>')
            parts.append(_text(self.x - 5, y + 4, _short(value), "end"))
        return "".join(parts)

    def ticks(self) -> list[float]:
        """Round values within the panel."""
        if self.log:
            decades = [10.0**k for k in range(9) if 10.0**k <= self.top]
            return [0.0, *decades]
        step = 10 ** math.floor(math.log10(self.top))
        step = next(s for s in (step / 5, step / 2, step, 2 * step) if self.top / s <= 5)
        return [step * k for k in range(int(self.top / step) + 1)]


def level_plot(runs: list[dict[str, Any]], names: dict[str, str]) -> str:
    """The three levels over time: a row of panels for each week."""
    weeks = list(dict.fromkeys(run["week"] for run in runs))
    parts = [_legend(names), *_heads()]
    for row, name in enumerate(weeks):
        mine = [run for run in runs if run["week"] == name]
        y = TOP + row * (HEIGHT + BELOW)
        parts.append(_text(12, y + HEIGHT / 2, name, "start", bold=True))
        for i in range(3):
            parts.append(_level_panel(mine, i, LEFT + i * (WIDTH + BETWEEN), y))
    return _picture(parts, TOP + len(weeks) * (HEIGHT + BELOW) + 10)


def _level_panel(runs: list[dict[str, Any]], i: int, x: float, y: float) -> str:
    end = max(run["seconds"] for run in runs)
    told = [(run, what) for run in runs for what in ("cost", "bound") if (run["contender"], what) in STYLES]
    lines = {(run["contender"], what): steps(run, what, i, end) for run, what in told}
    top = max((value for points in lines.values() for _, value in points), default=1.0)
    panel = Panel(x, y, end, top * 1.05, log=i < 2)
    marks = [m for m in (0, 2, 10, 30, 60, 120) if m <= end and (m != 2 or end <= 30)]
    drawn = [panel.line(points, STYLES[key]) for key, points in lines.items()]
    return panel.axes(marks) + "".join(drawn) + _text(x + WIDTH / 2, y + HEIGHT + 33, "seconds", "middle")


def steps(run: dict[str, Any], what: str, i: int, end: float) -> Points:
    """A level of a trace as a stair: a value holds until the next is told, the last to the end."""
    points: Points = []
    for moment in run["trace"]:
        if moment[what] is None or moment["cost"] is None:
            continue
        at, value = min(moment["seconds"], end), float(moment[what][i])
        if points:
            points.append((at, points[-1][1]))
        points.append((at, value))
    return [*points, (end, points[-1][1])] if points else []


def growth_plot(runs: list[dict[str, Any]]) -> str:
    """Final levels, bounds and memory against the number of sites."""
    sites = [float(run["sites"]) for run in runs]
    about = "Levels: thick lines are costs, thin ones bounds. Memory: whole line all processes, broken the largest."
    parts = [_text(12, 24, about, "start")]
    rows: list[tuple[str, list[tuple[Callable[[dict[str, Any]], float], str]]]] = [
        (name, [(_final("cost", i), STYLES["engine", "cost"]), (_final("bound", i), STYLES["engine", "bound"])])
        for i, name in enumerate(LEVELS)
    ]
    memory = [
        (lambda run: run["tree_mib"], STYLES["engine", "cost"]),
        (lambda run: run["process_mib"], STYLES["monolith", "cost"]),
    ]
    rows.append(("memory in MiB", memory))
    for k, (name, series) in enumerate(rows):
        lines = [(list(zip(sites, map(value, runs), strict=True)), style) for value, style in series]
        top = max(value for points, _ in lines for _, value in points)
        x, y = 70 + k % 2 * (WIDTH + 110), 66 + k // 2 * (HEIGHT + 86)
        panel = Panel(x, y, max(sites), top * 1.05, log=False)
        parts += [_text(x, y - 8, name, "start", bold=True), panel.axes([s for s in sites if s != 1])]
        parts += [panel.line(points, style) for points, style in lines]
        parts.append(_text(x + WIDTH / 2, y + HEIGHT + 33, "sites", "middle"))
    return _picture(parts, 66 + 2 * (HEIGHT + 86), 70 + 2 * WIDTH + 140)


def _final(what: str, i: int) -> Callable[[dict[str, Any]], float]:
    return lambda run: float((run["trace"][-1][what] or [0, 0, 0])[i]) if run["trace"] else 0.0


def _heads() -> list[str]:
    words = ("safety (scale: log of value + 1)", "programme (scale: log of value + 1)", "quality")
    return [_text(LEFT + i * (WIDTH + BETWEEN), TOP - 10, head, "start", bold=True) for i, head in enumerate(words)]


def _legend(names: dict[str, str]) -> str:
    parts, x = [], 12
    for (contender, what), style in STYLES.items():
        if contender in names:
            parts.append(f'<path d="M{x} 24h44" stroke="black" fill="none" {style}/>')
            parts.append(_text(x + 52, 28, f"{names[contender]}, {what}", "start"))
            x += 232
    return "".join(parts)


def _picture(parts: list[str], height: float, width: float = LEFT + 3 * (WIDTH + BETWEEN)) -> str:
    box = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="12">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>"]) + "\n"


def _text(x: float, y: float, words: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:g}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def _short(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"
