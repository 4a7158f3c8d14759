"""Weekly rosters: the problem of a week from the tables, and drafts of its solution."""
