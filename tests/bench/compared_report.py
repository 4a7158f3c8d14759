"""The comparison of placements as Markdown, from its figures alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Json = dict[str, Any]
NAMES = {
    "engine": "this engine",
    "acceptance": "deferred acceptance, one lottery",
    "acceptance-many": "deferred acceptance, a lottery for each class run",
    "dictatorship": "serial dictatorship",
    "first-come": "first come, first served",
}
CLOSING = "-closing"
TITLE = "# The placement of children, beside the mechanisms of the field\n"
INTRODUCTION = """\
Made by `python tests/bench/placement_compared.py`; the figures are in `placement-compared.json`, the mechanisms in
`mechanisms.py`, what is counted in `fairness.py`. Every contender had the same children (`children.py`: about a
twentieth fewer places than children, three tiers of 1 : 3 : 6, three to five wishes, near and popular sites preferred).
A cell is the mean over the seeds, and the range in brackets where they differ.

- *Deferred acceptance*: children propose, priority by tier, ties by lottery. With one lottery number for each child all
  class runs rank alike, and on whole weeks it *is* serial dictatorship: the two rows are equal there.
- *First come, first served*: the order of arrival is drawn by a published seed and knows no tier.
- All but this engine ignore families and minimums, and give first places in one pass, second places in another.
  *Part weeks*: a class run takes, by priority, each child that finds room on all of its weekdays.
- *… closing*: again and again, each time without the class run farthest below its minimum, until none is below.

What is counted:

- *below minimum*: class runs with some children and too few, which would have to be cancelled; *lost*: children who
  would then have no place. This engine keeps minimums as a rule.
- *envy by tier*: children who would rather have a place that a child of a lower tier has. *by number*: that only a
  child of their own tier has who comes later in the mechanism's own order (its lottery, or the arrival).
- *wasted*: children who would rather have a place that is free and that the rules allow. *could exchange*: children
  who would all get a better first place by exchanging places in circles, at nobody's cost.
- *together*: families of two and more whose first places are at one site in one term.
"""


def report(known: Json) -> str:
    """Everything that was measured."""
    machine = known["machine"]
    said = f"Measured on {machine['date']}: {machine['cores']} cores of {machine['processor']}, {machine['memory']}, "
    said += f"Python {machine['python']}, ortools {machine['ortools']}, with raised priority on a machine that was not "
    said += "empty; the engine used two workers, everything else one.\n"
    notes = "\n".join(f"- {note}" for note in known.get("notes", []))
    parts = [TITLE, INTRODUCTION, said, f"## What it says\n\n{notes}\n"] if notes else [TITLE, INTRODUCTION, said]
    groups: dict[str, list[Json]] = {}
    for run in known["runs"]:
        groups.setdefault(run["instance"], []).append(run)
    for name in sorted(groups, key=lambda n: (groups[n][0]["families"] > 0, groups[n][0]["children"])):
        parts += instance(name, groups[name])
    return "\n".join([*parts, *lists(known.get("lists", []))])


def instance(name: str, runs: list[Json]) -> list[str]:
    """One kind of problem, over its seeds."""
    what = "with families, part weeks, minimums and second places" if runs[0]["families"] else "simple"
    told = f"## {runs[0]['children']:,} children, {what}\n"
    seeds = ", ".join(str(run["seed"]) for run in runs)
    facts = (
        f"Seeds {seeds}; {spread(runs, lambda r: r['class_runs'])} class runs, {spread(runs, lambda r: r['places'])}"
    )
    facts += f" places, {spread(runs, lambda r: r['families'])} families.\n"
    ours = [row for run in runs for row in run["rows"] if row["mechanism"] == "engine"]
    proof = f"This engine proved {spread(ours, lambda r: r['proven'])} of {spread(ours, lambda r: r['levels'])} levels"
    proof += f"; no placement could serve more than {spread(ours, lambda r: r['served_at_most'])}.\n"
    return [told, facts, proof, served(runs), fairness(runs)]


def spread(rows: Iterable[Json], of: Callable[[Json], float]) -> str:
    """The mean, and the range where there is one."""
    found = [of(row) for row in rows]
    mean, low, high = sum(found) / len(found), min(found), max(found)
    digits = 0 if mean >= 20 or all(x == int(x) for x in found) else 2
    if low == high:
        return f"{low:,.{digits}f}"
    return f"{mean:,.{digits or int(mean < 20)}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def label(mechanism: str) -> str:
    """A mechanism's name as it is read."""
    return NAMES[mechanism.removesuffix(CLOSING)] + (" … closing" if mechanism.endswith(CLOSING) else "")


def table(runs: list[Json], columns: list[tuple[str, Callable[[Json], float]]]) -> str:
    """A row a mechanism, over all runs."""
    mechanisms = list(dict.fromkeys(row["mechanism"] for run in runs for row in run["rows"]))
    lines = [["", *(head for head, _ in columns)], ["---", *("---:" for _ in columns)]]
    for name in mechanisms:
        rows = [row for run in runs for row in run["rows"] if row["mechanism"] == name]
        lines.append([label(name), *(spread(rows, of) for _, of in columns)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def served(runs: list[Json]) -> str:
    """Who has a place, and which."""
    tiers = sorted({tier for run in runs for tier in run["tiers"]})
    ranks = sorted({rank for run in runs for row in run["rows"] for rank in row["ranks"]})
    columns: list[tuple[str, Callable[[Json], float]]] = [("served", lambda r: r["served"])]
    columns += [(f"tier {t}", lambda r, t=t: r["tiers"].get(t, 0)) for t in tiers]
    columns += [(f"wish {k}", lambda r, k=k: r["ranks"].get(k, 0)) for k in ranks]
    if any(run["families"] for run in runs):
        columns += [("second places", lambda r: r["second_places"]), ("together", lambda r: r["together"])]
    return table(runs, columns)


def fairness(runs: list[Json]) -> str:
    """What else may be wanted, and the time it took."""
    columns: list[tuple[str, Callable[[Json], float]]] = []
    if any(run["families"] for run in runs):
        columns += [(head, lambda r, k=key: r[k]) for head, key in (("opened", "opened"), ("below minimum", "small"))]
        columns += [("lost", lambda r: r["lost"])]
    keys = {"envy by tier": "envy_tier", "by number": "envy_lottery", "wasted": "wasted", "could exchange": "exchanges"}
    columns += [(head, lambda r, k=key: r[k]) for head, key in keys.items()]
    return table(runs, [*columns, ("seconds", lambda r: r["seconds"])])


def lists(found: list[Json]) -> list[str]:
    """Whether it pays to keep wishes to oneself."""
    if not found:
        return []
    asked = "## Does it pay to name the favourite alone?\n\n1,000 simple children. Of those who had a lesser wish, "
    asked += f"{found[0]['asked']} a seed were asked what they would have had with a list of their first wish only, "
    asked += "everybody else being honest: the first wish, or no place at all.\n"
    lines = ["| | first wish instead | no place instead |", "| --- | ---: | ---: |"]
    for name in ("engine", "acceptance"):
        cells = (spread(found, lambda r, k=key, n=name: r[n][k]) for key in ("gained", "lost"))  # type: ignore[misc]
        lines.append(f"| {NAMES[name]} | {' | '.join(cells)} |")
    return [asked, "\n".join(lines) + "\n"]
