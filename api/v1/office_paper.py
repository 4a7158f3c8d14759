"""Applications on paper, for a machine: the workbook to fill in, and entering it, first as a trial."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, File, Query, Response
from pydantic import BaseModel, Field

from api.access import DESCRIBED, SignedIn
from api.deps import DbSession, Speech
from api.downloads import XLSX, download
from api.speak import papers
from api.v1.accounts import PERSONAL, RowId
from registry.accounts.permissions import Action, require
from registry.enrolment.paper.entering import enter_paper
from registry.enrolment.paper.template import paper_book
from registry.errors import FieldProblem, Invalid

router = APIRouter(prefix="/office/rounds", tags=["office"], responses=PERSONAL, dependencies=DESCRIBED)


class PaperProblem(BaseModel):
    """Something about a cell or a row. An `error` says that the row was not entered."""

    row: int = Field(examples=[4])
    column: str = Field(examples=["第一志愿"])
    severity: str = Field(examples=["error"])
    code: str = Field(examples=["class_unknown"])
    message: str


class PaperReport(BaseModel):
    """What became of the rows, or would become in a trial."""

    dry_run: bool
    new: int = Field(examples=[12])
    unchanged: int = Field(examples=[3])
    skipped: int = Field(examples=[1])
    problems: list[PaperProblem]


@router.get(
    "/{id}/paper.xlsx", summary="The workbook for applications on paper", response_class=Response,
    responses={200: {"content": {XLSX: {}}}},
)  # fmt: skip
def paper_template(session: DbSession, actor: SignedIn, id: RowId) -> Response:
    """One row a child, with lists to choose from."""
    return download(paper_book(session, actor, id), "xlsx", f"paper-{id}.xlsx")


@router.post("/{id}/paper", summary="Enter applications from paper")
def enter(
    session: DbSession, actor: SignedIn, language: Speech, id: RowId,
    file: Annotated[bytes, File(description="The filled-in .xlsx workbook.")] = b"",
    dry_run: Annotated[bool, Query(description="Only tell what would happen.")] = True,
) -> PaperReport:  # fmt: skip
    """Row by row; what is there already stays as it is. A coordinator enters for the own sites."""
    require(actor, Action.ENTER_PAPER)
    if not file:
        raise Invalid(FieldProblem("file", "needed"))
    with TemporaryDirectory(prefix="qingzai-paper-") as folder:
        path = Path(folder) / "paper.xlsx"
        path.write_bytes(file)
        report = enter_paper(session, actor, id, path, dry_run=dry_run)
    [count] = report.counts
    told: list[dict[str, Any]] = [
        {
            "row": p.row, "column": p.column, "severity": p.severity, "code": p.code,
            "message": papers.sentence(p, language),
        }
        for p in report.problems
    ]  # fmt: skip
    return PaperReport(
        dry_run=dry_run, new=count.new, unchanged=count.unchanged, skipped=count.skipped,
        problems=[PaperProblem(**one) for one in told],
    )  # fmt: skip
