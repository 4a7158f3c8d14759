"""The workbook of a board, out and back in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response, UploadFile
from pydantic import BaseModel

from api.access import DESCRIBED, SignedIn
from api.deps import Boards, DbSession, FullStore, Monday, Speech
from api.downloads import XLSX, download
from api.pages.board_book import board_workbook, handed, stored, under_its_name
from api.speak import books
from api.v1.accounts import PERSONAL
from api.v1.downloads import answers
from api.v1.duties import NamedEntryModel, named_models
from registry.board.book_moves import bring_book, see_book
from registry.errors import WorkbookRefused

router = APIRouter(prefix="/boards/{week}/book", tags=["board"], responses=PERSONAL, dependencies=DESCRIBED)


class MoveModel(BaseModel):
    """Entries that change together; only `works` is done."""

    outcome: str
    rules: list[str]
    gone: list[NamedEntryModel]
    come: list[NamedEntryModel]


class BroughtModel(BaseModel):
    """What a workbook does or would do."""

    made_of: int
    revision: int
    problems: list[str]
    moves: list[MoveModel]


@router.get("", summary="The board as a workbook", response_class=Response, responses=answers(XLSX))
def workbook(session: DbSession, store: FullStore, actor: SignedIn, week: Monday, language: Speech) -> Response:
    """With whole names, to be edited and brought back; of a coordinator's own sites alone."""
    return download(board_workbook(session, store, actor, week, language), "xlsx", f"{week.isoformat()}-board.xlsx")


@router.post("", summary="Bring the workbook back")
def bring(
    session: DbSession, boards: Boards, actor: SignedIn, week: Monday, language: Speech, file: UploadFile,
    do: Annotated[bool, Query(description="Do what works; else only see what it would do.")] = False,
    revision: Annotated[int, Query(ge=0, le=2**31 - 1, description="Of the board that was looked at.")] = 0,
) -> BroughtModel:  # fmt: skip
    """Each change is judged as a drag is. What works is one edit, which can be taken back."""
    try:
        with stored(handed(file, "")) as path:
            found = see_book(session, boards, actor, week, path)
            if do:
                bring_book(session, boards, actor, week, path, seen=revision)
    except WorkbookRefused as error:
        raise under_its_name(error, file) from error
    return BroughtModel(
        made_of=found.made_of, revision=found.revision + do,
        problems=[books.problem(p, language) for p in found.problems],
        moves=[
            MoveModel(outcome=m.outcome, rules=list(m.rules), gone=named_models(m.gone), come=named_models(m.come))
            for m in found.moves
        ],
    )  # fmt: skip
