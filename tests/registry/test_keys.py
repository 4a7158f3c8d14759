"""Encryption at rest: a value comes back, in its own column alone, with the key it was stored with."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from registry.conventions.phones import mask_phone, phone_of
from registry.errors import Invalid, Refused
from registry.keys import KeyRing, add_key, read_keys, version_of

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


def test_a_value_comes_back_and_says_nothing_meanwhile() -> None:
    ring = KeyRing({1: OLD})
    stored = [ring.encrypt("花生过敏", "child.health_note") for _ in range(2)]
    assert [ring.decrypt(one, "child.health_note") for one in stored] == ["花生过敏"] * 2
    assert (stored[0] == stored[1], "花生".encode() in stored[0]) == (False, False)


def test_the_newest_key_encrypts_and_older_ones_still_decrypt() -> None:
    stored = KeyRing({1: OLD}).encrypt("x", "a.b")
    both = KeyRing({1: OLD, 2: NEW})
    assert (version_of(stored), version_of(both.encrypt("x", "a.b")), both.decrypt(stored, "a.b")) == (1, 2, "x")


@pytest.mark.parametrize(
    ("ring", "place", "spoil", "code"),
    [
        (KeyRing({2: NEW}), "a.b", 0, "key_missing"),
        (KeyRing({1: NEW}), "a.b", 0, "value_forged"),
        (KeyRing({1: OLD}), "a.c", 0, "value_forged"),
        (KeyRing({1: OLD}), "a.b", 1, "value_forged"),
    ],
)
def test_a_value_that_does_not_belong_there_is_refused(ring: KeyRing, place: str, spoil: int, code: str) -> None:
    stored = KeyRing({1: OLD}).encrypt("x", "a.b")
    with pytest.raises(Refused) as error:
        ring.decrypt(stored[:-1] + bytes([stored[-1] ^ spoil]), place)
    assert error.value.code == code


def test_keys_are_added_to_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    assert [add_key(path), add_key(path)] == [1, 2]
    assert (sorted(read_keys(path).keys), stat.S_IMODE(path.stat().st_mode)) == ([1, 2], 0o600)


@pytest.mark.parametrize("text", ["", "1 abc\n", "0 " + "A" * 43 + "=\n", "x\n", "256 " + "A" * 43 + "=\n"])
def test_a_file_that_holds_no_keys_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys"
    path.write_text(text)
    with pytest.raises(Refused) as error:
        read_keys(path)
    assert error.value.code == "keys_malformed"


@pytest.mark.parametrize("text", ["13800138000", " +86 138 0013 8000", "１３８００１３８０００", "0086-138-0013-8000"])
def test_a_phone_is_eleven_digits_however_it_is_typed(text: str) -> None:
    assert phone_of(text) == "13800138000"


@pytest.mark.parametrize("text", ["12800138000", "1380013800", "138001380001", "abc", "1" * 50_000, "١٣٨٠٠١٣٨٠٠٠"])
def test_what_is_no_phone(text: str) -> None:
    with pytest.raises(Invalid) as error:
        phone_of(text)
    assert [(p.field, p.code) for p in error.value.problems] == [("phone", "phone_malformed")]


def test_a_phone_is_shown_masked() -> None:
    assert [mask_phone(text) for text in ("13800138000", "123", "")] == ["138****8000", "****", "****"]
