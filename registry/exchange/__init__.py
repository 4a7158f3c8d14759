"""Reading a district's workbook into the tables, and handing it back with the reasons beside the rows."""

from registry.exchange.annotate import annotated_copy
from registry.exchange.importer import check_workbook, import_workbook
from registry.exchange.report import CODES, ImportProblem, ImportReport, SheetCount

__all__ = [
    "CODES",
    "ImportProblem",
    "ImportReport",
    "SheetCount",
    "annotated_copy",
    "check_workbook",
    "import_workbook",
]
