"""The figures of rushes as a table beside the JSON they are kept in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from report import table
from roster import machine

HEAD = ["database", "what", "answers", "a second", "median ms", "95 %", "99 %", "max"]
NAMES = {
    "all": "all together", "round": "the page of the round", "start": "begin", "wishes": "the wishes and classes",
    "add": "add a wish", "review": "the form before sending", "submit": "**send**",
    "again": "**send again** (tapped twice, answer lost, form reloaded)", "receipt": "the receipt",
}  # fmt: skip
MODES = {"first_come": "first come first served", "lottery": "a draw (sending only)"}
INTRODUCTION = """\
# The opening of a round, measured

Made by `python tests/bench/rush.py --on … --mode … --keep`; the figures are in `rush.json`. `qingzai serve --workers N`
(N stands with each run), an empty database, 40 class runs with 30 places each, unequally liked. A
tenth of the families stands ready at the opening, the others come evenly over the time given. Each loads the round,
looks at the form, sends it and reads the receipt; a third begins only then and enters one to three wishes one by one,
two thirds have entered them before the opening, as the pages advise. Of twenty families four tap
twice at once, three drop the connection before the answer and send again, two reload the form and send it with another
key. Signing in is not measured: sessions are made beforehand, as the sign-in makes them. The phones ran on the same
cores as server and database, so that these figures are a lower bound. The *bare insert* is a FastAPI route with one
INSERT and nothing else, in as many processes, asked by 32 phones at once, in the same run on the same database.

Afterwards every application was compared with what its family saw (number, wishes, status line), the counters of places
with the places, the waitlists with the rules: *faults* says how many differed.
"""


def write(found: dict[str, Any], path: Path) -> None:
    """Put a case into the JSON, in place of an older one of its kind, and write the Markdown beside it."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"cases": []}
    others = [c for c in known["cases"] if (c["database"], c["mode"]) != (found["database"], found["mode"])]
    cases = sorted([*others, found], key=lambda c: (c["mode"], c["database"]), reverse=False)
    path.write_text(json.dumps({"machine": machine(), "cases": cases}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    path.with_suffix(".md").write_text(report({"machine": machine(), "cases": cases}), "utf-8")


def report(known: dict[str, Any]) -> str:
    """The whole page."""
    its = known["machine"]
    lines = [INTRODUCTION, f"{its['cores']} cores ({its['processor']}), {its['memory']}, Python {its['python']}, "
             f"{its['date']}.\n"]  # fmt: skip
    for found in known["cases"]:
        rush = found["rush"]
        lines.append(f"\n## {MODES[found['mode']]}, {found['database']}\n")
        lines.append(
            f"{found['families']} families came over {found['came over']:g} s to {found.get('workers', 1)} processes "
            "and were done after "
            f"{rush['seconds']:g} s: {found['families a minute']} families a minute. "
            f"Unanswered: {len(found['unanswered'])}. Faults: {len(found['faults'])}. Afterwards: {_there(found)}.\n"
        )
        lines.append(table(HEAD, _rows(found)))
    return "\n".join(lines)


def _there(found: dict[str, Any]) -> str:
    return ", ".join(f"{n} {status}" for status, n in sorted(found["there is"]["by status"].items()))


def _rows(found: dict[str, Any]) -> list[list[str]]:
    kind, rows = found["database"], []
    for what, name in NAMES.items():
        spread = found["rush"]["milliseconds"].get(what)
        if spread is not None:
            rows.append([kind, name, f"{spread['n']:,}", _rate(found["rush"], spread), *_spread(spread)])
    bare = found["bare insert"]
    spread = bare["milliseconds"]["insert"]
    return [*rows, [kind, "*bare insert*", f"{spread['n']:,}", _rate(bare, spread), *_spread(spread)]]


def _rate(run: dict[str, Any], spread: dict[str, float]) -> str:
    return f"{spread['n'] / run['seconds']:.1f}"


def _spread(spread: dict[str, float]) -> list[str]:
    return [f"{spread[name]:.0f}" for name in ("median", "95 %", "99 %", "max")]
