"""Files to be saved: their kinds, and the header that names them in any letters."""

from __future__ import annotations

import re
from typing import Any, Literal
from urllib.parse import quote

from fastapi import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
TableKind = Literal["xlsx", "csv"]
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}, "description": "A PDF."}}
"""What the interface says of an address that answers with a PDF."""
SHEET: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}, "text/csv": {}}, "description": "A list."}}
"""The same of one that answers with a list as a file."""
KINDS: dict[str, str] = {"xlsx": XLSX, "csv": CSV, "pdf": "application/pdf"}


def attachment(name: str) -> str:
    """The header that has a file saved under a name; an old browser gets what of it is ASCII."""
    plain = re.sub("-+", "-", re.sub(r"[^A-Za-z0-9.-]+", "", name)).replace("-.", ".")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def download(data: bytes, kind: str, name: str) -> Response:
    """A file to be saved under a name. It is kept in no cache."""
    headers = {"Content-Disposition": attachment(name), "Cache-Control": "no-store"}
    return Response(data, media_type=KINDS[kind], headers=headers)
