"""The folder of photos: each picture encrypted with a key of its own, which lies in the database.

A file without its row's key is noise, so that a picture is deleted for good, out of every backup of the folder too,
when the unit of work that took its key away is committed. The file itself goes later, with `sweep`: removing it at once
would lose the picture where that unit of work is undone.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.errors import Refused
from registry.keys import NONCE_BYTES

PHOTOS_FOLDER = "QINGZAI_PHOTOS"
DEFAULT_FOLDER = "qingzai-photos"
SUFFIX = ".photo"


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a picture lies, and the key that opens it."""

    file: str
    secret: str


def photos_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the pictures are: QINGZAI_PHOTOS, else a folder of the working directory, beside the default database."""
    return Path(environment.get(PHOTOS_FOLDER) or DEFAULT_FOLDER)


def put_picture(picture: bytes) -> Stored:
    """Encrypt a picture and write it under a new name.

    Raises:
        Refused: `photos_unwritable`, with the folder: nothing was kept.
    """
    key, nonce, name = AESGCM.generate_key(256), secrets.token_bytes(NONCE_BYTES), secrets.token_hex(16)
    sealed = nonce + AESGCM(key).encrypt(nonce, picture, name.encode())
    path = _path(name)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(sealed)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Refused("photos_unwritable", folder=str(photos_folder().resolve()), reason=type(error).__name__) from None
    return Stored(name, base64.b64encode(key).decode())


def get_picture(stored: Stored) -> bytes:
    """The picture.

    Raises:
        Refused: `photo_lost`, where the file is not there or is not the one that was written.
    """
    try:
        sealed = _path(stored.file).read_bytes()
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return AESGCM(base64.b64decode(stored.secret)).decrypt(nonce, rest, stored.file.encode())
    except (OSError, InvalidTag, ValueError):
        raise Refused("photo_lost", file=stored.file) from None


def sweep(kept: Collection[str], before: float) -> int:
    """Remove the files that no photo needs, but none that is newer than a moment (seconds since 1970): its row may be
    about to be committed. Answers how many went."""
    gone = 0
    for path in photos_folder().glob(f"??/*{SUFFIX}"):
        if path.stem not in kept and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _path(name: str) -> Path:
    return photos_folder() / name[:2] / f"{name}{SUFFIX}"
