"""The folder of photos: each picture encrypted (`registry/sealed.py`) with a key that lies in the row of its photo."""

from __future__ import annotations

from pathlib import Path

from registry.errors import Refused
from registry.sealed import SealedFolder, Stored

__all__ = ["PHOTOS_FOLDER", "SUFFIX", "Stored", "get_picture", "photos_folder", "put_picture", "sweep"]

PHOTOS_FOLDER = "QINGZAI_PHOTOS"
SUFFIX = ".photo"
FOLDER = SealedFolder(PHOTOS_FOLDER, "qingzai-photos", SUFFIX, "photos_unwritable")
sweep = FOLDER.sweep


def photos_folder() -> Path:
    """Where the pictures are."""
    return FOLDER.path()


def put_picture(picture: bytes) -> Stored:
    """Encrypt a picture and write it under a new name.

    Raises:
        Refused: `photos_unwritable`, with the folder: nothing was kept.
    """
    return FOLDER.put(picture)


def get_picture(stored: Stored) -> bytes:
    """The picture.

    Raises:
        Refused: `photo_lost`, where the file is not there or is not the one that was written.
    """
    found = FOLDER.get(stored)
    if found is None:
        raise Refused("photo_lost", file=stored.file)
    return found
