"""Reading the answers of forms: texts cut where nothing sensible is longer, numbers and dates, or nothing."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Form
from fastapi.responses import RedirectResponse

LONGEST_TEXT = 2000

FormText = Annotated[str, Form()]


def number(text: str) -> int | None:
    """A row's number, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def day(text: str) -> date | None:
    """A date such as 2026-07-13, None where nothing was entered.

    Raises:
        ValueError: anything else.
    """
    return date.fromisoformat(text.strip()) if text.strip() else None


def shown(text: str) -> str:
    """What is put back into a field: an entry of any sensible length as it was."""
    return text[:LONGEST_TEXT]


def go(path: str) -> RedirectResponse:
    """On to another page, so that reloading does not send a form again."""
    return RedirectResponse(path, 303)
