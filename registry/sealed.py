"""Folders of encrypted files: each file has a key of its own, which lies in its row of the database.

A file without its row's key is noise: what it held is gone for good, out of every backup of the folder too, when the
unit of work that took the key away is committed. The file itself goes later, with `sweep`: removing it at once would
lose it where that unit of work is undone.
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


@dataclass(frozen=True, slots=True)
class Stored:
    """Where something lies, and the key that opens it."""

    file: str
    secret: str


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """A folder: the setting that names it, the name that it has otherwise, how its files end, and the code that is
    refused with where it cannot be written."""

    setting: str
    default: str
    suffix: str
    unwritable: str

    def path(self, environment: Mapping[str, str] = os.environ) -> Path:
        """Where it is: as the setting says, else in the working directory, beside the default database."""
        return Path(environment.get(self.setting) or self.default)

    def put(self, content: bytes) -> Stored:
        """Encrypt something and write it under a new name.

        Raises:
            Refused: the code of the folder, with the folder and the reason: nothing was kept.
        """
        key, nonce, name = AESGCM.generate_key(256), secrets.token_bytes(NONCE_BYTES), secrets.token_hex(16)
        path = self._file(name)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(nonce + AESGCM(key).encrypt(nonce, content, name.encode()))
        except OSError as error:
            path.unlink(missing_ok=True)
            raise Refused(self.unwritable, folder=str(self.path().resolve()), reason=type(error).__name__) from None
        return Stored(name, base64.b64encode(key).decode())

    def get(self, stored: Stored) -> bytes | None:
        """What was written; None where the file is not there or is not the one that was written."""
        try:
            sealed = self._file(stored.file).read_bytes()
            nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return AESGCM(base64.b64decode(stored.secret)).decrypt(nonce, rest, stored.file.encode())
        except (OSError, InvalidTag, ValueError):
            return None

    def sweep(self, kept: Collection[str], before: float) -> int:
        """Remove the files that no row needs, but none that is newer than a moment (seconds since 1970): its row may be
        about to be committed. Answers how many went."""
        gone = 0
        for path in self.path().glob(f"??/*{self.suffix}"):
            if path.stem not in kept and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _file(self, name: str) -> Path:
        return self.path() / name[:2] / f"{name}{self.suffix}"
