"""Accounts: who signs in, how, and what each may do to which row."""
