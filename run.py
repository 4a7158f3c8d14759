"""Sets the project up and runs it; needs nothing but Python.

    python3 run.py              install, make a sample district, solve one week, serve it
    python3 run.py test [...]   install with the developers' tools, run the tests (pytest takes the rest)
    python3 run.py COMMAND ...  install, run that command of `qingzai` (import, roster, serve ...)

Everything lands in `.venv` beside this file. What is installed already is not asked for again, so that a second
run works without a network. Only the standard library is used, in a syntax that old Pythons read too: they must
get as far as being told that they are too old.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
QINGZAI = BIN / ("qingzai.exe" if os.name == "nt" else "qingzai")
OLDEST = (3, 11)
FAILED, INTERRUPTED = 2, 130


class Trouble(Exception):
    """Something the person at the keyboard has to mend; the text says what, in Chinese and English."""


def plan(arguments):
    """What to install and what to run: (extra, command, folder). No extra means the product alone."""
    if arguments[:1] == ["test"]:
        return "dev", [str(PYTHON), "-m", "pytest", *arguments[1:]], ROOT
    if not arguments or (arguments[0].startswith("-") and arguments[0] != "--help"):
        return "", [str(QINGZAI), "demo", *arguments], ROOT
    return "", [str(QINGZAI), *arguments], Path.cwd()


def main(arguments):
    """Install what is missing, then hand over to the command. Its exit code is ours."""
    try:
        require_python()
        extra, command, folder = plan(arguments)
        if not is_installed(extra):
            install(extra)
        return hand_over(command, folder)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def require_python():
    """Refuse a Python that is too old for the product."""
    if sys.version_info < OLDEST:
        found, wanted = ".".join(map(str, sys.version_info[:3])), ".".join(map(str, OLDEST))
        raise Trouble(
            f"需要 Python {wanted} 或更新版本，这里是 {found}（{sys.executable}）。\n"
            f"Python {wanted} or newer is needed; this is {found} ({sys.executable})."
        )


def stamp(extra):
    """The file that says an installation was finished."""
    return VENV / f".installed-{extra or 'product'}"


def fingerprint():
    """What an installation depends on. The folder is part of it: scripts in .venv know where they stand."""
    parts = [str(ROOT).encode(), repr(sys.version_info[:2]).encode()]
    parts += [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_installed(extra):
    """Whether exactly this has been installed before. The developers' installation contains the product."""
    wanted = fingerprint()
    done = {stamp(name).read_text().strip() for name in (extra, "dev") if stamp(name).is_file()}
    return wanted in done and QINGZAI.exists()


def install(extra):
    """Make .venv and install the project into it, at the versions of constraints.txt."""
    make_venv()
    print("正在安装（只需一次，需要网络）… / Installing (once; needs a network) ...", flush=True)
    target = f".[{extra}]" if extra else "."
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install"]
    code = subprocess.call([*pip, "-e", target, "-c", "constraints.txt"], cwd=ROOT)
    if code != 0:
        raise Trouble(
            "安装没有完成，原因见上。第一次安装需要网络；如果通过镜像上网，请先设好 PIP_INDEX_URL，再运行一次。\n"
            "The installation did not finish; the reason stands above. The first one needs a network; behind a\n"
            "mirror, set PIP_INDEX_URL. Then run this again: nothing has to be cleaned up."
        )
    stamp(extra).write_text(fingerprint() + "\n")


def make_venv():
    """A virtual environment with pip, made new where there is none, or one that an older Python made."""
    if answers(f"import pip, sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"):
        return
    print("正在准备 .venv … / Preparing .venv ...", flush=True)
    renew = ["--clear"] if PYTHON.exists() and not is_running_in_venv() else []
    code = subprocess.call([sys.executable, "-m", "venv", *renew, str(VENV)])
    if code != 0 or not answers("import pip"):
        raise Trouble(
            "这个 Python 不能建立虚拟环境（缺少 venv 或 ensurepip）。Debian/Ubuntu：apt install python3-venv。\n"
            "This Python cannot make a virtual environment (venv or ensurepip is missing).\n"
            "On Debian and Ubuntu: apt install python3-venv. Then run this again."
        )


def is_running_in_venv():
    """Whether this very Python is the one in .venv, which must not be deleted under our feet."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def answers(code):
    """Whether the Python of .venv runs this code well."""
    if not PYTHON.exists():
        return False
    quiet = subprocess.DEVNULL
    return subprocess.call([str(PYTHON), "-c", code], stdout=quiet, stderr=quiet) == 0


def hand_over(command, folder):
    """Become the command. Windows cannot do that: there we wait, and leave Ctrl-C to the command."""
    os.chdir(folder)
    if command[0] == str(QINGZAI):  # what it says to type next is what was typed here
        os.environ.setdefault("QINGZAI_COMMAND", ("py " if os.name == "nt" else "python3 ") + sys.argv[0])
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # not in Python 3.6, which must get as far as being told so
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
