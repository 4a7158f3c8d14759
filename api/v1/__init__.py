"""The interface `/api/v1`: the data of the pages as JSON."""

from fastapi import APIRouter

router = APIRouter(prefix="/api/v1")
__all__ = ["router"]
