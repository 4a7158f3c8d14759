"""Files in and out of commands: `-` is standard input, output is whole or not there at all."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from scheduler import load_json
from scheduler.result import Malformed


def read_text(name: str) -> str:
    """The text of a file, or of standard input for `-`. Raises Malformed where there is none."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        raise Malformed(name, "file_missing") from None
    except OSError as error:
        raise Malformed(name, "file_unreadable", reason=error.strerror or "") from None
    except UnicodeDecodeError:
        raise Malformed(name, "not_utf8") from None


def read_json(name: str) -> object:
    """The JSON of a file, or of standard input for `-`."""
    return load_json(read_text(name))


def refuse_two_stdin(*names: str) -> None:
    """Standard input can be read once only."""
    if names.count("-") > 1:
        raise Malformed("-", "both_stdin")


def check_writable(path: Path | None) -> None:
    """Refuse an output that could not be written later, before any work is done for it."""
    if path is None or str(path) == "-":
        return
    folder = path.parent
    if not folder.is_dir():
        raise Malformed(str(path), "folder_missing", folder=str(folder))
    if not os.access(folder, os.W_OK):
        raise Malformed(str(path), "folder_unwritable", folder=str(folder))


def write_json(data: object, path: Path | None) -> None:
    """Write to a file in one step, or to standard output."""
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    if path is None or str(path) == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        write_whole(path, text)


def write_whole(path: Path, text: str) -> None:
    """Write beside the target, then rename: nobody ever sees half a file."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        Path(beside).chmod(_usual_mode(path))
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _usual_mode(path: Path) -> int:
    """The mode of the file that is replaced, else what a new file would get."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
