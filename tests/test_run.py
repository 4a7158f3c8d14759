"""run.py, the one script that sets up and runs: its decisions. CI runs the two commands themselves."""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def run(tmp_path: Path) -> ModuleType:
    """A fresh run.py that takes an empty folder for the project."""
    (tmp_path / "run.py").write_bytes((ROOT / "run.py").read_bytes())
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text("rich==15.0.0\n")
    spec = importlib.util.spec_from_file_location("run", tmp_path / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pretend_installed(run: ModuleType, extra: str) -> None:
    run.BIN.mkdir(parents=True, exist_ok=True)
    run.QINGZAI.touch()
    run.stamp(extra).write_text(run.fingerprint() + "\n")


def test_without_arguments_it_runs_the_demo_in_the_project(run: ModuleType) -> None:
    assert run.plan([]) == ("", [str(run.QINGZAI), "demo"], run.ROOT)


def test_options_alone_are_options_of_the_demo(run: ModuleType) -> None:
    assert run.plan(["--seconds", "5"]) == ("", [str(run.QINGZAI), "demo", "--seconds", "5"], run.ROOT)


def test_help_is_the_help_of_all_commands(run: ModuleType) -> None:
    assert run.plan(["--help"]) == ("", [str(run.QINGZAI), "--help"], Path.cwd())


def test_test_runs_pytest_with_the_developers_tools(run: ModuleType) -> None:
    assert run.plan(["test", "-k", "heat"]) == ("dev", [str(run.PYTHON), "-m", "pytest", "-k", "heat"], run.ROOT)


def test_any_other_command_runs_where_the_person_is(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    wanted = ("", [str(run.QINGZAI), "roster", "check", "a.json", "b.json"], tmp_path / "elsewhere")
    assert run.plan(["roster", "check", "a.json", "b.json"]) == wanted


def test_everything_lands_beside_the_script(run: ModuleType, tmp_path: Path) -> None:
    assert {path.relative_to(tmp_path).parts[0] for path in (run.PYTHON, run.QINGZAI, run.stamp("dev"))} == {".venv"}


def test_nothing_is_installed_at_first(run: ModuleType) -> None:
    assert not run.is_installed("")
    assert not run.is_installed("dev")


def test_the_product_alone_does_not_hold_the_developers_tools(run: ModuleType) -> None:
    pretend_installed(run, "")
    assert run.is_installed("")
    assert not run.is_installed("dev")


def test_the_developers_installation_holds_the_product(run: ModuleType) -> None:
    pretend_installed(run, "dev")
    assert run.is_installed("")
    assert run.is_installed("dev")


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_other_dependencies_are_installed_again(run: ModuleType, tmp_path: Path, name: str) -> None:
    pretend_installed(run, "dev")
    with (tmp_path / name).open("a") as file:
        file.write("numpy==2.4.6\n")
    assert not run.is_installed("dev")


def test_a_moved_folder_is_installed_again(run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pretend_installed(run, "dev")
    moved = tmp_path.rename(tmp_path.with_name(tmp_path.name + "-moved"))
    for name, path in (("ROOT", moved), ("VENV", moved / ".venv"), ("QINGZAI", moved / run.QINGZAI.name)):
        monkeypatch.setattr(run, name, path)
    assert not run.is_installed("dev")


def test_a_removed_command_is_installed_again(run: ModuleType) -> None:
    pretend_installed(run, "dev")
    run.QINGZAI.unlink()
    assert not run.is_installed("dev")


def test_an_old_python_is_told_so_and_nothing_is_made(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert run.main([]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "",
        f"需要 Python 3.11 或更新版本，这里是 3.9.2（{sys.executable}）。",
        f"Python 3.11 or newer is needed; this is 3.9.2 ({sys.executable}).",
    ]
    assert not (tmp_path / ".venv").exists()


def test_an_old_python_can_read_the_script() -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_nothing_but_the_standard_library_is_needed() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names - sys.stdlib_module_names == set()


@pytest.mark.skipif(os.name == "nt", reason="pretends with a shell script")
def test_a_failed_installation_says_what_to_do_and_leaves_no_stamp(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run.BIN.mkdir(parents=True)
    run.PYTHON.write_text("#!/bin/sh\ncase $1 in -c) exit 0 ;; esac\nexit 1\n")
    run.PYTHON.chmod(0o755)
    assert run.main(["test"]) == 2
    assert "PIP_INDEX_URL" in capsys.readouterr().err
    assert not run.stamp("dev").exists()


@pytest.mark.skipif(os.name == "nt", reason="the handing over of POSIX")
def test_the_product_is_told_how_it_was_called_and_the_tests_are_not(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGZAI_COMMAND", "")
    monkeypatch.delenv("QINGZAI_COMMAND")
    monkeypatch.setattr(sys, "argv", ["run.py", "serve"])
    seen: list[str | None] = []

    def become(*_: object) -> None:
        seen.append(os.environ.get("QINGZAI_COMMAND"))
        raise SystemExit

    monkeypatch.setattr(os, "execv", become)
    for command in ([str(run.PYTHON), "-m", "pytest"], [str(run.QINGZAI), "serve"]):
        with pytest.raises(SystemExit):
            run.hand_over(command, Path.cwd())
    assert seen == [None, "python3 run.py"]
