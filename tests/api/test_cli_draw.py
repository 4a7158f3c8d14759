"""`qingzai draw …`: from applications to a certificate and back, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from scheduler.placement.verify_draw import fingerprint

PROBLEM = "tests/data/placement-small-12.json"
SECRET = "a secret of more than thirty-two characters"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


def made(folder: Path, before: list[str], after: list[str]) -> Path:
    """The certificate of the example, made with commands alone."""
    frozen, problem, result, out = (folder / f"{name}.json" for name in ("frozen", "problem", "result", "certificate"))
    assert run("draw", "freeze", PROBLEM, *before, "-o", frozen).exit_code == 0
    assert run("draw", "seed", frozen, *after, "-o", problem).exit_code == 0
    assert run("placement", "solve", problem, "-o", result).exit_code == 0
    assert run("draw", "certify", frozen, result, *after, "-o", out).exit_code == 0
    return out


@pytest.fixture
def secret_file(tmp_path: Path) -> str:
    file = tmp_path / "secret.txt"
    file.write_text(SECRET + "\n")
    return str(file)


def test_with_a_public_event(tmp_path: Path) -> None:
    out = made(tmp_path, ["--event", "lottery of 20 June"], ["--value", "03 07 12"])
    commitment = json.loads(out.read_text())["commitment"]
    result = run("draw", "verify", out, "--published", commitment)
    assert (result.exit_code, result.stdout.splitlines()[1]) == (0, f"commitment {commitment}")
    result = run("draw", "verify", out, "--published", "0" * 64)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, "1 thing is wrong:")


def test_with_a_committed_secret(tmp_path: Path, secret_file: str) -> None:
    out = made(tmp_path, ["--secret", secret_file], ["--secret", secret_file])
    assert run("draw", "verify", out).exit_code == 0
    assert SECRET not in (tmp_path / "frozen.json").read_text()


def test_a_change_is_told_in_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = made(tmp_path, ["--event", "e"], ["--value", "v"])
    data = json.loads(out.read_text())
    data["seed"] = "w"
    out.write_text(json.dumps(data))
    said = run("draw", "verify", out)
    assert (said.exit_code, "seed: the seed is stated as w; by its rule it is v" in said.stdout) == (1, True)
    monkeypatch.setenv("QINGZAI_LANG", "zh")
    assert "seed: 种子写的是 w，按规则应为 v" in run("draw", "verify", out).stdout


def test_what_is_not_proven_is_told_with_its_bound(tmp_path: Path) -> None:
    out = made(tmp_path, ["--event", "e"], ["--value", "v"])
    data = json.loads(out.read_text())
    data["result"] |= {"status": "feasible", "draw": "feasible"}
    first = data["result"]["levels"][0]
    first["bound"] = first["value"] + 2
    out.write_text(json.dumps({**data, "fingerprint": fingerprint(data)}))
    said = run("draw", "verify", out)
    assert (said.exit_code, said.stdout.splitlines()[3:]) == (
        0,
        [
            "the result itself says that 1 levels are not proven best (status: feasible); their values, and what is "
            "possible at most, are these; the bounds are the solver's and cannot be verified here:",
            f"  {first['name']}: {first['value']}, at most {first['bound']} possible",
        ],
    )


def test_freeze_says_the_commitment() -> None:
    result = run("draw", "freeze", PROBLEM, "--event", "e")
    assert result.stderr == f"commitment {json.loads(result.stdout)['commitment']}\n"


def test_bad_input_is_told_and_nothing_is_written(tmp_path: Path, secret_file: str) -> None:
    out, frozen = tmp_path / "out.json", tmp_path / "frozen.json"
    short = tmp_path / "short.txt"
    short.write_text("short")
    assert run("draw", "freeze", PROBLEM, "--secret", secret_file, "-o", frozen).exit_code == 0
    for arguments, said in (
        (("freeze", PROBLEM), "draw: needs exactly one of --event, --secret"),
        (("freeze", PROBLEM, "--event", " "), "event: the text is empty"),
        (("freeze", PROBLEM, "--secret", short), "secret: the secret is too short: 32 characters at least"),
        (("seed", frozen, "--value", "other"), "secret: this is not the secret whose hash was published"),
        (("seed", PROBLEM, "--value", "v"), "format: expected the format 'qingzai.draw-commitment/1'"),
        (("certify", frozen, PROBLEM, "--secret", secret_file), "format: expected the format 'qingzai.placement/1'"),
    ):
        result = run("draw", *arguments, "-o", out)
        assert (result.exit_code, result.stderr[: len(said)], out.exists()) == (2, said, False)
    result = run("draw", "verify", PROBLEM)
    assert (result.exit_code, result.stderr) == (2, "format: not what a certificate of a draw has here\n")


def test_a_result_of_another_seed_is_refused(tmp_path: Path) -> None:
    out = made(tmp_path, ["--event", "e"], ["--value", "v"])
    out.unlink()
    result = run("draw", "certify", tmp_path / "frozen.json", tmp_path / "result.json", "--value", "w", "-o", out)
    said = "result.seed: the result was drawn with seed v, not w\n"
    assert (result.exit_code, result.stderr, out.exists()) == (2, said, False)


def test_an_unfair_result_is_not_certified(tmp_path: Path) -> None:
    out = made(tmp_path, ["--event", "e"], ["--value", "v"])
    out.unlink()
    data = json.loads((tmp_path / "result.json").read_text())
    data["places"].pop()
    (tmp_path / "result.json").write_text(json.dumps(data))
    result = run("draw", "certify", tmp_path / "frozen.json", tmp_path / "result.json", "--value", "v", "-o", out)
    assert (result.exit_code, out.exists()) == (1, False)
    assert "things are wrong:" in result.stderr
