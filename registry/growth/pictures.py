"""A photo as a phone sends it, made into the picture that is kept: shrunk, upright, nothing of the camera in it.

What a camera writes into a photo (place, time, device) is left behind, because the picture is made anew. How large a
picture is once it is unpacked is read from its head before anything is unpacked.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from registry.errors import FieldProblem, Invalid

MOST_BYTES = 20 * 1024 * 1024
LONGEST_SIDE, SMALL_SIDE = 1600, 480
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = {"JPEG": 64_000_000, "MPO": 64_000_000}
OTHERS_PIXELS = 40_000_000
"""The most pixels of a photo. A JPEG (MPO: several in one file, as some phones write) is unpacked at a fraction of its
size, others as they are."""
HEIC = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"heif"})

Image.MAX_IMAGE_PIXELS = None  # Checked below, by what a format needs, and refused in place of a warning.


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is fit to be kept: a JPEG."""

    jpeg: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """Its SHA-256."""
        return sha256(self.jpeg).hexdigest()


def read_photo(data: bytes, field: str = "photo") -> Picture:
    """The picture in what somebody uploaded.

    Raises:
        Invalid: at `field` `photo_empty`, `photo_too_large`, `photo_heic`, `photo_unreadable` (no photo at all),
            `photo_too_many_pixels`, `photo_damaged`.
    """
    if not data:
        raise Invalid(FieldProblem(field, "photo_empty"))
    if len(data) > MOST_BYTES:
        facts = {"megabytes": round(len(data) / 2**20), "limit": MOST_BYTES // 2**20}
        raise Invalid(FieldProblem(field, "photo_too_large", facts))
    if data[4:8] == b"ftyp" and data[8:12] in HEIC:
        raise Invalid(FieldProblem(field, "photo_heic"))
    try:
        opened = Image.open(BytesIO(data), formats=FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Invalid(FieldProblem(field, "photo_unreadable")) from None
    with opened:
        _check_pixels(opened, field)
        try:
            return _remade(opened, LONGEST_SIDE)
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError):
            raise Invalid(FieldProblem(field, "photo_damaged")) from None


def small(jpeg: bytes) -> bytes:
    """A small form of a kept picture, for lists on phones."""
    with Image.open(BytesIO(jpeg), formats=("JPEG",)) as opened:
        return _remade(opened, SMALL_SIDE).jpeg


def _check_pixels(opened: Image.Image, field: str) -> None:
    pixels, limit = opened.width * opened.height, MOST_PIXELS.get(opened.format or "", OTHERS_PIXELS)
    if pixels > limit:
        facts = {"megapixels": round(pixels / 1e6), "limit": limit // 1_000_000}
        raise Invalid(FieldProblem(field, "photo_too_many_pixels", facts))


def _remade(opened: Image.Image, longest: int) -> Picture:
    """Drawn anew on a picture that never saw the camera's data; what was transparent is white."""
    opened.draft("RGB", (longest, longest))
    profile = opened.info.get("icc_profile")
    upright = ImageOps.exif_transpose(opened)
    if upright.mode in ("RGBA", "LA", "PA", "P"):
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    elif profile and upright.mode == "RGB":
        upright = _plain_colours(upright, profile)
    upright = upright.convert("RGB")
    upright.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    written = BytesIO()
    clean.save(written, "JPEG", quality=QUALITY, optimize=True)
    return Picture(written.getvalue(), clean.width, clean.height)


def _plain_colours(picture: Image.Image, profile: bytes) -> Image.Image:
    """Colours as sRGB has them: phones have wider ones, which look pale where their profile is left behind."""
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB")) or picture
    except (ImageCms.PyCMSError, OSError):
        return picture
