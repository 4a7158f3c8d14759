"""Growth records: notes about children, their review, who has been seen, and concerns that go another way."""
