"""What is held about children and families, for everybody to read: each column, what for, who sees it, how long."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter, Request, Response

from api.pages.render import render
from api.speak.purposes import grouped
from registry.privacy.purposes import purposes

router = APIRouter(include_in_schema=False)


@router.get("/privacy")
def told(request: Request) -> Response:
    """Table by table; columns with one purpose stand together."""
    rows = grouped(purposes())
    tables = [(table, list(some)) for table, some in groupby(rows, key=lambda row: row.table)]
    return render(request, "privacy/purposes.html", tables=tables)
