"""Substitutes (替补) for a published week: people asked one after the other, each with a deadline."""
