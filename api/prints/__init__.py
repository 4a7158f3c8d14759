"""A week on paper, in a workbook and in a calendar. Loaded when it is asked for: fonts and typesetter take a moment."""
