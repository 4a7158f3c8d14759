"""School years and grades. In July “second grade” may be the one that ends or the one that begins, so that a child is
known by its year of school entry, and the grade of any day follows from it (DOMAIN.md, Enrolment)."""

from __future__ import annotations

from datetime import date

SCHOOL_YEAR_BEGINS = (9, 1)
ENTRY_AGE = 6
"""Years of age that a child has completed on 31 August when it enters school (Compulsory Education Law, article 11);
where conditions are not there yet, seven."""


def school_year_on(day: date) -> int:
    """The school year of a day, named by the year it begins in: 2025 until 31 August 2026."""
    return day.year - ((day.month, day.day) < SCHOOL_YEAR_BEGINS)


def grade_on(entry_year: int, day: date) -> int:
    """The grade of a day: 1 in the year of entry. Nought or less before school, more than 9 after it."""
    return school_year_on(day) - entry_year + 1


def entry_year_of(grade: int, day: date) -> int:
    """The year of entry of whoever is in this grade on the day."""
    return school_year_on(day) - grade + 1


def entry_years(day: date, lowest: int = 0, highest: int = 9) -> list[int]:
    """Years of entry of the grades between both on a day, the lowest grade first. Grade 0 enters next September."""
    return [entry_year_of(grade, day) for grade in range(lowest, highest + 1)]


def age_on(born_on: date, day: date) -> int:
    """Years of age that are completed on the day. Whoever was born on 29 February completes them on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def is_usual_entry(born_on: date, entry_year: int) -> bool:
    """Whether a child of this birth enters school in such a year: with six completed years on 31 August, or seven.
    Others exist; they are worth asking again and never refused."""
    return age_on(born_on, date(entry_year, 8, 31)) in (ENTRY_AGE, ENTRY_AGE + 1)


def next_summer(day: date) -> date:
    """1 July of the summer that is meant on a day: this year's until the end of August, then the next."""
    return date(school_year_on(day) + 1, 7, 1)
