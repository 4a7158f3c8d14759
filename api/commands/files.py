"""Files in and out of commands: `-` is standard input, output is whole or not there at all."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import suppress
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
    if path.is_dir():
        raise Malformed(str(path), "is_a_folder")
    folder = path.parent
    if not folder.is_dir():
        raise Malformed(str(path), "folder_missing", folder=str(folder))
    if not os.access(folder, os.W_OK):
        raise Malformed(str(path), "folder_unwritable", folder=str(folder))


def write_json(data: object, path: Path | None) -> None:
    """Write to a file in one step, or to standard output. Raises Malformed where that fails (the disk is full ...)."""
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    try:
        if path is None or str(path) == "-":
            _print_whole(text)
        else:
            write_whole(path, text)
    except BrokenPipeError:
        raise  # whoever was reading has enough: the command ends quietly
    except OSError as error:
        raise Malformed(str(path or "-"), "file_unwritable", reason=error.strerror or "") from None


def _print_whole(text: str) -> None:
    """To standard output, now."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):  # else Python tries the same again when it ends, and complains
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def write_bytes(data: bytes, path: Path) -> None:
    """Write to a file in one step, or to standard output. Raises Malformed where that fails."""
    try:
        if str(path) == "-":
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            write_whole(path, data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Malformed(str(path), "file_unwritable", reason=error.strerror or "") from None


def write_whole(path: Path, data: str | bytes) -> None:
    """Write beside the target, then rename: nobody ever sees half a file. Text goes out as UTF-8."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data.encode() if isinstance(data, str) else data)
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
