"""The fixed text of pages. Its source is Chinese; the English catalogue is read as it is kept, without a build step.

The language is a context variable, set while a page is rendered: Jinja's environment is shared by all requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from api.speak.language import Language

LOCALES = Path(__file__).parent.parent / "locales"

_language: ContextVar[Language] = ContextVar("language", default="zh")


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Pages rendered in this block speak this language."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def current() -> Language:
    """The language that is spoken now."""
    return _language.get()


def gettext(message: str) -> str:
    """A fixed text in the language that is spoken now."""
    return translations(current()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """A fixed text with a number."""
    return translations(current()).ngettext(singular, plural, n)


@cache
def translations(language: Language) -> NullTranslations:
    """The catalogue of a language; Chinese, the source, needs none."""
    if language == "zh":
        return NullTranslations()
    with (LOCALES / language / "messages.po").open("rb") as stored:
        catalogue = read_po(stored, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
