"""Numbers of identity papers: what they must look like, what they say about birth and sex, how they are shown.

Resident identity numbers follow GB 11643-1999: six digits of region (GB/T 2260), eight of birth, three in order of
registration (odd for men), and a check digit by ISO 7064 MOD 11-2. Residence permits of people from Hong Kong, Macao
and Taiwan are numbered in the same way with regions 81, 82, 83. So are foreigners' permanent residence cards since
December 2023: 9, the place of issue, the country, then birth, order and the same check digit. Samples use the region
99, which no place has (DOMAIN.md, Chinese conventions).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.conventions.texts import half_width, visible
from registry.errors import FieldProblem, Invalid

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
SAMPLE_REGION = "99"
REGIONS = frozenset(
    re.findall(r"\d\d", "1112131415 212223 31323334353637 414243444546 5051525354 6162636465 71 818283 99"),
)
"""The first two digits: provinces of GB/T 2260, and samples."""


class PaperKind(StrEnum):
    """Papers that a child may have."""

    RESIDENT = "resident_id"
    HK_MACAO_TAIWAN_RESIDENCE = "hmt_residence"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    FOREIGNER_RESIDENCE = "foreigner_residence"
    PASSPORT = "passport"


_SHAPES: Mapping[PaperKind, str] = {
    PaperKind.RESIDENT: r"\d{17}[\dX]",
    PaperKind.HK_MACAO_TAIWAN_RESIDENCE: r"(?:81|82|83)0000\d{11}[\dX]",
    PaperKind.HK_MACAO_PERMIT: r"[HM]\d{8}(?:\d{2})?",
    PaperKind.TAIWAN_PERMIT: r"\d{8}|\d{10}[A-Z]",
    PaperKind.FOREIGNER_RESIDENCE: r"9\d{16}[\dX]|[A-Z]{3}\d{12}",
    PaperKind.PASSPORT: r"[A-Z0-9]{5,17}",
}
_WITH_REGION = (PaperKind.RESIDENT, PaperKind.HK_MACAO_TAIWAN_RESIDENCE)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper's number in the one way to write it, and what it says of its owner; None where it says nothing."""

    kind: PaperKind
    number: str
    born_on: date | None = None
    sex: str | None = None


def check_digit(first_17: str) -> str:
    """The eighteenth character of a number, from the seventeen digits before it (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True)) % 11]


def paper_of(kind: PaperKind, text: str, today: date, *, field: str = "paper_number") -> Paper:
    """A paper, from its number as somebody typed it.

    Raises:
        Invalid: at the field `needed`; `paper_malformed` with the kind, where it does not look like one of them;
            `paper_region`; `paper_birth` where the date in it is none or lies ahead; `paper_check_digit`.
    """
    number = re.sub(r"[\s\-]", "", half_width(visible(text[:200]))).upper()
    if not number:
        raise Invalid(FieldProblem(field, "needed"))
    if not number.isascii() or not re.fullmatch(_SHAPES[kind], number):
        raise Invalid(FieldProblem(field, "paper_malformed", {"kind": kind.value}))
    if len(number) != 18 or kind is PaperKind.PASSPORT:
        return Paper(kind, number)
    return _of_18(kind, number, today, field)


def _of_18(kind: PaperKind, number: str, today: date, field: str) -> Paper:
    if kind in _WITH_REGION and number[:2] not in REGIONS:
        raise Invalid(FieldProblem(field, "paper_region"))
    born_on = _birth(number[6:14])
    if born_on is None or born_on > today:
        raise Invalid(FieldProblem(field, "paper_birth"))
    if check_digit(number[:17]) != number[17]:
        raise Invalid(FieldProblem(field, "paper_check_digit"))
    return Paper(kind, number, born_on, "male" if int(number[16]) % 2 else "female")


def _birth(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def is_sample(number: str) -> bool:
    """Whether a resident's number belongs to nobody: its region is 99."""
    return len(number) == 18 and number.startswith(SAMPLE_REGION)


def mask_paper(number: str) -> str:
    """The number as it is shown: 990***********001X; of short ones the first and the last two, H******78."""
    first, last = (3, 4) if len(number) >= 15 else (1, 2)
    return number[:first] + "*" * max(0, len(number) - first - last) + number[len(number) - last :]
