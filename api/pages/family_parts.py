"""What the pages of a family share: their frame, how a form is read, where it goes on to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from api.access import local_path
from api.deps import language_of
from api.pages.forms import Form, refused
from api.pages.render import render
from api.speak import families
from registry import clock
from registry.conventions.names import mask_name
from registry.conventions.phones import mask_phone
from registry.errors import Invalid

MOST_FIELDS, LARGEST_FIELD = 40, 512 * 1024
"""A form of these pages has a dozen fields. 50,000 characters are told at their field; much more is no form of ours."""

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Next = Annotated[str, Query(max_length=500, description="Where to go on to, a path of this site.")]
Options = list[tuple[str, str]]


async def read_entered(request: Request) -> Mapping[str, str]:
    """What was entered in a form, by the names of its fields. Files are left out: nobody is asked for any."""
    sent: FormData = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD)
    return {name: value for name, value in sent.items() if isinstance(value, str)}


Entered = Annotated[Mapping[str, str], Depends(read_entered)]


def onward(following: str, otherwise: str) -> RedirectResponse:
    """On to the page that was asked for, where it is one of this site, else to the usual one."""
    return RedirectResponse(local_path(following, otherwise), 303)


def with_next(path: str, following: str) -> str:
    """A path that leads on to another one afterwards."""
    return f"{path}?{urlencode({'next': following})}" if following else path


def family_page(request: Request, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page of a family, with the words that its template needs."""
    language = language_of(request)
    words: dict[str, Callable[..., str]] = {
        "word": partial(families.word, language=language),
        "mask": mask_name,
        "mask_phone": mask_phone,
        "grade": lambda entry_year: families.school_grade(entry_year, clock.today(), language),
    }
    return render(request, f"family/{template}", status=status, **words, **facts)


def wrong(request: Request, template: str, entered: Mapping[str, str], error: Invalid, **facts: Any) -> HTMLResponse:
    """The form again as it was sent, with what is wrong beside each field."""
    form = refused(entered, error, language_of(request))
    return family_page(request, template, status=422, form=form, **facts)


def options(request: Request, kind: str, codes: tuple[str, ...]) -> Options:
    """Choices of a form: code and word."""
    language = language_of(request)
    return [(code, families.word(kind, code, language)) for code in codes]


EMPTY = Form()
