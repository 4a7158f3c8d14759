"""Families: guardians, children, and the people around a child."""
