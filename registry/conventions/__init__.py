"""Chinese conventions: names, phones, papers, grades (DOMAIN.md, Chinese conventions)."""
