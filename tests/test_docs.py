"""What the documents say, compared with the code: commands, options, settings, exit codes, formats, rules, paths."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import click
import pytest
import typer

from api.cli import app
from api.commands import console
from scheduler.roster.rules import HARD, SOFT

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
PRODUCT = ("scheduler", "registry", "api")
HELPERS = {"--help"}
"""Options that every command has and no table needs."""


def text(name: str) -> str:
    """A file of the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def between(document: str, mark: str) -> str:
    """What stands between `<!-- mark: begin … -->` and `<!-- mark: end -->`."""
    found = re.search(rf"<!-- {mark}: begin.*?-->\n(.*?)<!-- {mark}: end -->", document, re.S)
    assert found, f"no part marked {mark}"
    return found[1]


def rows(table: str) -> list[list[str]]:
    """The cells of a Markdown table, without its head."""
    lines = [line for line in table.strip().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def code(cell: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def commands(group: Any = None, path: tuple[str, ...] = ()) -> dict[str, click.Command]:
    """Every command of the command line by its words, such as "roster solve"."""
    group = group or typer.main.get_command(app)
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        here = (*path, name)
        found |= commands(command, here) if hasattr(command, "commands") else {" ".join(here): command}
    return found


def options(command: click.Command) -> set[str]:
    """The long options of a command, the short ones that have no long form, and `--no-…` forms."""
    named = {
        name
        for parameter in command.params
        if parameter.param_type_name == "option"
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    return {name for name in named if name.startswith("--")} - HELPERS


def sources() -> list[Path]:
    """The Python files of the product."""
    return [ROOT / "run.py", *(path for floor in PRODUCT for path in sorted((ROOT / floor).rglob("*.py")))]


def strings(path: Path) -> set[str]:
    """The string constants of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    loose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in loose)
    return {node.value for node in constants if isinstance(node.value, str)}


@pytest.fixture(scope="module", params=["zh", "en"])
def readme(request: pytest.FixtureRequest) -> str:
    """One language's half of the README; both must hold."""
    chinese, _, english = text("README.md").partition("\n# Qingzai")
    return chinese if request.param == "zh" else english


def test_the_commands_are_those_of_the_program(readme: str) -> None:
    documented = {code(row[0])[0].split(" [")[0]: row for row in rows(between(readme, "commands"))}
    assert {re.sub(r"(?: [A-Z]+)+$", "", name) for name in documented} == {f"qingzai {name}" for name in commands()}


def test_the_options_are_those_of_the_program(readme: str) -> None:
    for row in rows(between(readme, "commands")):
        words = re.sub(r"(?: [A-Z]+)+$", "", code(row[0])[0]).removeprefix("qingzai ")
        documented = set(re.findall(r"--[a-z-]+", row[1]))
        assert (words, documented) == (words, options(commands()[words]))


def test_the_settings_are_those_that_are_read(readme: str) -> None:
    documented = {code(row[0])[0] for row in rows(between(readme, "settings"))}
    read = {value for path in sources() for value in strings(path) if re.fullmatch(r"QINGZAI_[A-Z_]+", value)}
    assert documented == read


def test_the_exit_codes_are_those_of_the_program(readme: str) -> None:
    documented = [int(row[0]) for row in rows(between(readme, "exit codes"))]
    assert documented == [console.OK, console.BROKEN, console.BAD_INPUT, console.INTERRUPTED]


def test_the_formats_are_those_that_are_written(readme: str) -> None:
    documented = {code(row[0])[0] for row in rows(between(readme, "formats"))}
    known = {value for path in sources() for value in strings(path) if re.fullmatch(r"qingzai\.[a-z-]+/\d+", value)}
    assert documented == known


def test_the_two_commands_are_what_ci_runs(readme: str) -> None:
    first, second = re.findall(r"^python3 run\.py.*$", readme, re.M)[:2]
    assert [re.sub(r"\s+#.*", "", line) for line in (first, second)] == ["python3 run.py", "python3 run.py test"]
    assert re.search(r"^[^#\n]*python3 run\.py test$", text(".ci/run"), re.M)


def rule_table() -> str:
    """The rulebook as a table, from its modules."""
    lines = ["| rule | level | says | for the solver |", "|---|---|---|---|"]
    for rule in (*HARD, *SOFT):
        name = rule.__name__.rpartition(".")[2]
        halves = [half for half in ("permits_duty", "permits_lesson", "add_to") if hasattr(rule, half)]
        says = " ".join((rule.__doc__ or "").split())
        cells = (
            f"[{rule.NAME}](scheduler/roster/rules/{name}.py)",
            getattr(rule, "LEVEL", "hard"),
            says.replace("|", "\\|"),
            ", ".join(f"`{half}`" for half in halves),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def test_the_rulebook_is_in_the_architecture() -> None:
    assert between(text("ARCHITECTURE.md"), "rules") == rule_table(), f"it should be:\n\n{rule_table()}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text(name))
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_exist(name: str) -> None:
    prose = re.sub(r"^```.*?^```", "", text(name), flags=re.M | re.S)
    named = re.findall(r"`((?:scheduler|registry|api|templates|tests|\.ci)/[\w./-]*)`", prose)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_readme_names_the_python_that_is_needed(readme: str) -> None:
    needed = re.search(r'requires-python = ">=([\d.]+)"', text("pyproject.toml"))
    assert needed
    assert f"Python {needed[1]}+" in readme
