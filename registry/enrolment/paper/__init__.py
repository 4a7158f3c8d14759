"""Applications on paper: a workbook to fill in, and what is entered from it by the same actions as online."""
