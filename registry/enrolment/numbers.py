"""Numbers of receipts: nine digits that can be said over a telephone and typed on one.

Eight digits are random and the ninth is Damm's check digit, which finds every single wrong digit and every pair of
neighbours that changed places (H. M. Damm, Total anti-symmetrische Quasigruppen, 2004). Digits alone have no
look-alikes and are the same in both languages. The number opens nothing: whoever shows it still has to sign in.
"""

from __future__ import annotations

import secrets

DIGITS = 9

_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def new_number() -> str:
    """A number for a new application. The first digit is no 0, so that no spreadsheet drops it."""
    return number_of(10_000_000 + secrets.randbelow(90_000_000))


def number_of(eight: int) -> str:
    """The number with these eight digits."""
    return f"{eight}{_check(str(eight))}"


def read_number(typed: str) -> str | None:
    """The number in what somebody typed, with or without spaces and dashes; None where it is none."""
    found = "".join(c for c in typed[:40] if c not in " -\u3000")
    is_one = len(found) == DIGITS and found.isascii() and found.isdigit() and found[0] != "0" and not _check(found)
    return found if is_one else None


def shown_number(number: str) -> str:
    """In threes, as it is read out: 123 456 789."""
    return " ".join(number[i : i + 3] for i in range(0, len(number), 3))


def _check(digits: str) -> int:
    """Damm's digit; 0 where the last digit of `digits` is already the right one."""
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return state
