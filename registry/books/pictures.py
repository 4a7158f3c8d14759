"""Photos for paper: as large as a sheet needs and no larger, so that ten thousand books fit a disk."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, UnidentifiedImageError

LONGEST_SIDE = 1000
"""Points: at the usual 60 to 80 mm of a book some 300 an inch, of a photo alone on its line 160."""
QUALITY = 80


def for_paper(jpeg: bytes) -> bytes | None:
    """The picture in the size of a book, None where it cannot be read: a book without it is better than none."""
    try:
        with Image.open(BytesIO(jpeg)) as opened:
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            made = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError):
        return None
    made.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = BytesIO()
    made.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
