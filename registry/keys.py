"""Encryption at rest: the district's keys, and a column whose text only they can read.

A stored value is one byte with the key's version, twelve of nonce, then AES-256-GCM's cipher text and tag (NIST
SP 800-38D). The name of table and column is authenticated with it, so that a value copied into another column does
not decrypt. New values take the newest key; old ones keep theirs until `rotate` of `registry.privacy.vault`
has rewritten them.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from registry.errors import Refused

KEY_BYTES, NONCE_BYTES, SEAL_BYTES = 32, 12, 16
HIGHEST_VERSION = 255
KEYS_FILE = "QINGZAI_KEYS_FILE"
DEFAULT_FILE = "qingzai.keys"


@dataclass(frozen=True)
class KeyRing:
    """Keys by version, 1 to 255. The highest encrypts; all of them decrypt."""

    keys: Mapping[int, bytes]

    @property
    def newest(self) -> int:
        """The version that new values are encrypted with."""
        return max(self.keys)

    def encrypt(self, text: str, place: str) -> bytes:
        """The stored form of a text. `place` is table and column."""
        version, nonce = self.newest, secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self.keys[version]).encrypt(nonce, text.encode(), place.encode())
        return bytes([version]) + nonce + sealed

    def decrypt(self, stored: bytes, place: str) -> str:
        """The text of a stored form.

        Raises:
            Refused: `key_missing`, with the version; `value_forged`, where key, place and value do not belong together.
        """
        key = self.keys.get(stored[0])
        if key is None:
            raise Refused("key_missing", version=stored[0], place=place)
        nonce, sealed = stored[1 : 1 + NONCE_BYTES], stored[1 + NONCE_BYTES :]
        try:
            return AESGCM(key).decrypt(nonce, sealed, place.encode()).decode()
        except InvalidTag:
            raise Refused("value_forged", place=place) from None

    def sign(self, data: bytes, purpose: str) -> bytes:
        """The data between the newest key's version and their seal, which is 16 bytes of HMAC-SHA256."""
        version = self.newest
        return bytes([version]) + data + self._seal(version, data, purpose)

    def signed(self, token: bytes, purpose: str) -> bytes | None:
        """The data of a token that `sign` made for this purpose; None where anything about it is not so."""
        version, data, seal = token[:1], token[1:-SEAL_BYTES], token[-SEAL_BYTES:]
        if not data or version[0] not in self.keys:
            return None
        return data if hmac.compare_digest(self._seal(version[0], data, purpose), seal) else None

    def _seal(self, version: int, data: bytes, purpose: str) -> bytes:
        """By a key of its own for each purpose: what encrypts is never used to sign."""
        key = hmac.digest(self.keys[version], f"qingzai sign: {purpose}".encode(), "sha256")
        return hmac.digest(key, bytes([version]) + data, "sha256")[:SEAL_BYTES]


def version_of(stored: bytes) -> int:
    """Which key a stored value was encrypted with."""
    return stored[0]


def keys_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the keys are: QINGZAI_KEYS_FILE, else a file of the working directory, beside the default database."""
    return Path(environment.get(KEYS_FILE) or DEFAULT_FILE)


def read_keys(path: Path) -> KeyRing:
    """The keys of a file, one a line: version, a space, 32 bytes in base64.

    Raises:
        Refused: `keys_missing`, `keys_unreadable`, `keys_malformed` with the line.
    """
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        raise Refused("keys_missing", file=str(path.resolve())) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("keys_unreadable", file=str(path.resolve()), reason=type(error).__name__) from None
    keys: dict[int, bytes] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            version, key = _key(line, number, path)
            if version in keys:  # Two keys of one version: which of them a value needs, nobody could tell.
                raise Refused("keys_malformed", file=str(path.resolve()), line=number)
            keys[version] = key
    if not keys:
        raise Refused("keys_malformed", file=str(path.resolve()), line=1)
    return KeyRing(keys)


def _key(line: str, number: int, path: Path) -> tuple[int, bytes]:
    version, _, written = line.strip().partition(" ")
    try:
        key = base64.b64decode(written, validate=True)
    except binascii.Error:
        key = b""
    if not version.isdecimal() or not 1 <= int(version) <= HIGHEST_VERSION or len(key) != KEY_BYTES:
        raise Refused("keys_malformed", file=str(path.resolve()), line=number)
    return int(version), key


def add_key(path: Path) -> int:
    """Write one more key, the first into a new file that only its owner can read; answers its version.

    The file is written anew beside the old one and put in its place at once, so that a crash leaves one of the two.

    Raises:
        Refused: as `read_keys`; `keys_exhausted` after version 255; `keys_unreadable` where the folder takes no file.
    """
    known = read_keys(path).keys if path.exists() else {}
    version = max(known, default=0) + 1
    if version > HIGHEST_VERSION:
        raise Refused("keys_exhausted", file=str(path.resolve()))
    keys = {**known, version: secrets.token_bytes(KEY_BYTES)}
    try:
        _write(path, keys, is_first=not known)
    except OSError as error:
        raise Refused("keys_unreadable", file=str(path.resolve()), reason=type(error).__name__) from None
    return max(read_keys(path).keys)


def _write(path: Path, keys: Mapping[int, bytes], *, is_first: bool) -> None:
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.writelines(f"{version} {base64.b64encode(key).decode()}\n" for version, key in sorted(keys.items()))
            file.flush()
            os.fsync(file.fileno())
        if is_first:
            with suppress(FileExistsError):  # Another process has just made the first key: that one counts.
                os.link(beside, path)
        else:
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def key_ring() -> KeyRing:
    """The keys of this installation; a new installation makes its first key when it is first needed.

    The file is read again when it has changed, so that a server takes a new key without being started anew. Where it
    has disappeared meanwhile, the keys that were read go on to serve. That a file is missing although values were
    encrypted with it is found by `registry.privacy.vault.check_keys`, before any command or server begins.

    Raises:
        Refused: as `read_keys` and `add_key`.
    """
    path = keys_file()
    try:
        found = path.stat()
    except FileNotFoundError:
        if path in _known:
            return _known[path][1]
        add_key(path)
        found = path.stat()
    stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
    if path not in _known or _known[path][0] != stamp:
        _known[path] = (stamp, read_keys(path))
    return _known[path][1]


_known: dict[Path, tuple[tuple[int, int, int], KeyRing]] = {}
"""The keys of each file as they were read last, with what told that the file is still the same."""


class EncryptedText(TypeDecorator[str]):
    """A text column that is encrypted at rest. It cannot be searched or sorted, and is meant not to be."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypted with the newest key."""
        return None if value is None else key_ring().encrypt(value, self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Decrypted with the key it was stored with."""
        return None if value is None else key_ring().decrypt(bytes(value), self.place)
