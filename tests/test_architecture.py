"""The house rules of ARCHITECTURE.md, read from the source: floors, the clock, sizes, the rulebook, tidiness.

Each check takes a path and a source text and answers with offences, so that each is shown to find a bad one.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FLOORS = {
    "scheduler": {"scheduler", "ortools", "numpy"},
    "registry": {
        *("registry", "sqlmodel", "sqlalchemy", "alembic", "pydantic", "python_calamine", "xlsxwriter", "cryptography"),
        *("pwdlib", "pypinyin", "PIL", "procrastinate"),
    },
    "api": {
        *("api", "registry", "scheduler", "fastapi", "starlette", "uvicorn", "pydantic", "jinja2", "markupsafe"),
        *("typer", "rich", "babel", "sqlmodel", "sqlalchemy"),  # the last two: see `asks_database`
        *("typst", "pylopdf_fonts_zh_cn", "fontTools", "pypdf", "icalendar", "segno"),
        *("procrastinate", "psycopg"),  # workers: the second for what it raises when the database goes away
    },
}
"""What the modules of each floor may import besides the standard library. A new dependency is written here first."""

THE_WAY_DOWN = "registry/engine/"
"""The one package of the registry that imports the scheduler: a module for each of its problems."""

SOLVERS = {
    *(
        f"scheduler/roster/{name}.py"
        for name in (
            *("explain/local", "flow", "grid/flows", "grid/rows", "lp", "model", "proofs", "repair/part", "search"),
            "standby",
        )
    ),
    *(f"scheduler/placement/{name}.py" for name in ("flow", "lp", "exact", "branch", "programme")),
}
"""The modules that import ortools; each does so inside a function, because loading it takes half a second."""

CLOCK = "registry/clock.py"
READS_CLOCK = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("time", "strftime"),
}  # fmt: skip
"""`time.monotonic` is not among them: it measures how long something took and tells no date."""

DATABASES = {"sqlmodel", "sqlalchemy"}
NO_QUESTIONS = {"Engine", "Session", "DBAPIError", "OperationalError", "SQLAlchemyError"}
QUERIES = {"exec", "execute", "scalars", "query"}
"""The api may name an engine or a session in a signature and catch an error; to ask is the registry's business."""

ABOUT_300, ABOUT_60 = 320, 60
LONG_MODULES = {
    "scheduler/roster/bound.py": (340, "one linear programme, whose parts are read together"),
    "scheduler/placement/verify_draw.py": (540, "one file that parents copy and run without installing anything"),
}
"""Modules that may be longer than about 300 lines: how long, and why."""

TOP_LEVEL = {
    *("scheduler", "registry", "api", "templates", "tests", ".ci", ".gitignore", "pyproject.toml", "constraints.txt"),
    *("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "run.py"),
}

Check = Callable[[str, str], Iterator[str]]


KEPT = (ast.Import, ast.ImportFrom, ast.Attribute, ast.FunctionDef, ast.AsyncFunctionDef, ast.Call)


@cache
def nodes(source: str) -> tuple[ast.Module, tuple[ast.AST, ...]]:
    """The tree of a source, and of its nodes those that the checks ask for: read once for all of them."""
    tree = ast.parse(source)
    return tree, tuple(node for node in ast.walk(tree) if isinstance(node, KEPT))


def imports(path: str, source: str) -> Iterator[tuple[int, str, str]]:
    """Every import as (line, module, imported name or "")."""
    for node in nodes(source)[1]:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: imports are absolute here"
            yield from ((node.lineno, node.module or "", alias.name) for alias in node.names)


def crosses_floors(path: str, source: str) -> Iterator[str]:
    """Imports that do not go upwards, or of packages that belong to another floor."""
    allowed = FLOORS[path.partition("/")[0]] | ({"scheduler"} if path.startswith(THE_WAY_DOWN) else set())
    for line, module, _ in imports(path, source):
        root = module.partition(".")[0]
        if root not in allowed and root not in sys.stdlib_module_names:
            yield f"{path}:{line}: imports {root}"


def loads_solver(path: str, source: str) -> Iterator[str]:
    """Imports of ortools outside the named modules, or at the top of one of them."""
    top = {node.lineno for node in nodes(source)[0].body}
    for line, module, _ in imports(path, source):
        if module.partition(".")[0] == "ortools" and (path not in SOLVERS or line in top):
            yield f"{path}:{line}: imports {module}"


def asks_database(path: str, source: str) -> Iterator[str]:
    """Queries in the api."""
    for line, module, name in imports(path, source):
        if module.partition(".")[0] in DATABASES and name not in NO_QUESTIONS:
            yield f"{path}:{line}: imports {module}.{name}"
    for node in nodes(source)[1]:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in QUERIES:
            yield f"{path}:{node.lineno}: calls {node.func.attr}"


def reads_clock(path: str, source: str) -> Iterator[str]:
    """Reads of the wall clock outside the one module."""
    for node in nodes(source)[1]:
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if (owner, node.attr) in READS_CLOCK and path != CLOCK:
                yield f"{path}:{node.lineno}: reads {owner}.{node.attr}"
    for line, module, name in imports(path, source):
        if module == "time" and (module, name) in READS_CLOCK and path != CLOCK:
            yield f"{path}:{line}: reads {module}.{name}"


def is_too_long(path: str, source: str) -> Iterator[str]:
    """Modules past about 300 lines, functions past 60. A migration is a list of tables and may be longer."""
    if "/migrations/versions/" in path:
        return
    lines, most = source.count("\n"), LONG_MODULES.get(path, (ABOUT_300, ""))[0]
    if lines > most:
        yield f"{path}: {lines} lines"
    for node in nodes(source)[1]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > ABOUT_60:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines"


def lacks_docstring(path: str, source: str) -> Iterator[str]:
    """Modules, and public functions and classes at the top of one, that do not say what they are."""
    if "/migrations/versions/" in path:
        return
    tree = nodes(source)[0]
    public = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    for node in (tree, *(n for n in public if not n.name.startswith("_"))):
        if not ast.get_docstring(node) and source.strip():
            yield f"{path}: {getattr(node, 'name', 'the module')} has no docstring"


LITTER = re.compile(r"\b(?:T[O]DO|F[I]XME)\b|(?<![\w.])/(?:wor[k]|roo[t]|hom[e]|User[s])/\w+|\bC:\\User[s]\b")


def is_littered(path: str, text: str) -> Iterator[str]:
    """Notes to oneself, and folders of the machine on which something was written."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := LITTER.search(line):
            yield f"{path}:{number}: {found[0]}"


def sources(*folders: str) -> list[str]:
    """The Python files below these folders, as paths from the root."""
    return sorted(p.relative_to(ROOT).as_posix() for folder in folders for p in (ROOT / folder).rglob("*.py"))


def offences(check: Check, paths: list[str]) -> list[str]:
    """What a check finds in these files."""
    assert paths
    return [found for path in paths for found in check(path, (ROOT / path).read_text(encoding="utf-8"))]


def tracked() -> list[str]:
    """The files of the repository. A copy without git has no list: then there is nothing to compare with."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git repository")
    return [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


PRODUCT = ("scheduler", "registry", "api")


@pytest.mark.parametrize(
    ("check", "folders"),
    [
        (crosses_floors, PRODUCT),
        (loads_solver, PRODUCT),
        (asks_database, ("api",)),
        (reads_clock, PRODUCT),
        (is_too_long, (*PRODUCT, "tests")),
        (lacks_docstring, PRODUCT),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_sources_keep_the_house_rules(check: Check, folders: tuple[str, ...]) -> None:
    assert offences(check, sources(*folders)) == []


BAD = [
    (crosses_floors, "scheduler/x.py", "import registry.db", "imports registry"),
    (crosses_floors, "scheduler/x.py", "def f():\n    from fastapi import APIRouter", "imports fastapi"),
    (crosses_floors, "registry/x.py", "from scheduler import solve", "imports scheduler"),
    (crosses_floors, "registry/x.py", "import typer", "imports typer"),
    (crosses_floors, "registry/x.py", "from api import speak", "imports api"),
    (crosses_floors, "api/x.py", "import ortools", "imports ortools"),
    (loads_solver, "scheduler/roster/check.py", "def f():\n    import ortools.sat", "imports ortools.sat"),
    (loads_solver, "scheduler/roster/lp.py", "import ortools.sat", "imports ortools.sat"),
    (asks_database, "api/x.py", "from sqlmodel import select", "imports sqlmodel.select"),
    (asks_database, "api/x.py", "def f(s):\n    s.exec('x')", "calls exec"),
    (reads_clock, "api/x.py", "from datetime import datetime\ndatetime.now()", "reads datetime.now"),
    (reads_clock, "api/x.py", "import datetime\ndatetime.date.today()", "reads date.today"),
    (reads_clock, "api/x.py", "import time\ntime.time()", "reads time.time"),
    (reads_clock, "api/x.py", "from time import time", "reads time.time"),
    (is_too_long, "api/x.py", "\n" * 321, "321 lines"),
    (is_too_long, "api/x.py", "def f():\n" + "    pass\n" * 60, "f has 61 lines"),
    (lacks_docstring, "api/x.py", "x = 1", "the module has no docstring"),
    (lacks_docstring, "api/x.py", '"""Says."""\ndef f(): pass', "f has no docstring"),
    (is_littered, "x.md", "T" + "ODO: later", "T" + "ODO"),
    (is_littered, "x.md", "see /hom" + "e/li/notes", "/hom" + "e/li"),
]


@pytest.mark.parametrize(("check", "path", "source", "found"), BAD)
def test_each_check_finds_a_bad_source(check: Check, path: str, source: str, found: str) -> None:
    assert [offence.rpartition(": ")[2] for offence in check(path, source)] == [found]


GOOD = [
    (crosses_floors, THE_WAY_DOWN + "x.py", "from scheduler import solve"),
    (loads_solver, "scheduler/roster/lp.py", "def f():\n    from ortools.sat.python import cp_model"),
    (asks_database, "api/x.py", "from sqlalchemy import Engine"),
    (reads_clock, "scheduler/x.py", "import time\nfrom registry import clock\ntime.monotonic()\nclock.now()"),
    (reads_clock, CLOCK, "from datetime import datetime\ndatetime.now()"),
    (is_too_long, "registry/migrations/versions/1.py", "\n" * 1000),
    (is_littered, "x.md", "https://example.org/hom" + "e/x and registry/wor" + "k/x"),
]


@pytest.mark.parametrize(("check", "path", "source"), GOOD)
def test_each_check_passes_a_good_source(check: Check, path: str, source: str) -> None:
    assert list(check(path, source)) == []


def test_nothing_else_stands_at_the_top() -> None:
    assert {name.partition("/")[0] for name in tracked()} - TOP_LEVEL == set()


def test_no_file_is_littered() -> None:
    texts = [name for name in tracked() if not name.endswith((".xlsx", ".png", ".ico", ".woff2", ".mo"))]
    assert offences(is_littered, texts) == []


def test_pages_hold_no_python() -> None:
    assert sources("templates") == []


def test_pins_name_versions_and_no_place() -> None:
    pin = re.compile(r"[a-z0-9-]+==[\w.]+(?: ; .+)?")
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not pin.fullmatch(line)] == []


def test_every_rule_stands_in_the_rulebook_once() -> None:
    from scheduler.roster.rules import HARD, SOFT

    folder = ROOT / "scheduler" / "roster" / "rules"
    files = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    assert sorted(rule.__name__.rpartition(".")[2] for rule in (*HARD, *SOFT)) == files
    names = [rule.NAME for rule in (*HARD, *SOFT)]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("name", [Path(path).stem for path in sources("scheduler/roster/rules")])
def test_a_rule_has_both_halves(name: str) -> None:
    if name == "__init__":
        return
    rulebook, rule = import_module("scheduler.roster.rules"), import_module(f"scheduler.roster.rules.{name}")
    has = {half for half in ("violations", "permits_duty", "permits_lesson", "add_to", "cost") if hasattr(rule, half)}
    if rule in rulebook.HARD:
        assert "violations" in has
        assert has & {"permits_duty", "permits_lesson", "add_to"}
        assert "cost" not in has
    else:
        assert has == {"add_to", "cost"}
        assert rule.LEVEL in {"safety", "programme", "quality"}


@pytest.mark.parametrize(
    "module",
    [
        "scheduler",
        "scheduler.roster.check",
        "scheduler.roster.explain",
        "scheduler.roster.rules",
        "scheduler.placement.check",
        "scheduler.placement.certificate",
        "scheduler.placement.reasons",
        "scheduler.placement.after",
        "api.cli",
    ],
)
def test_a_quick_command_loads_no_solver(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'ortools', 'pandas', 'fastapi', 'sqlmodel'}} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
