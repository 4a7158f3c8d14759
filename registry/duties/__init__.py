"""The published week as rows: who has which class on which day, for everything that asks about a day."""
