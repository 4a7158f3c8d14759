"""Explanations: why a place is open and the cheapest change that fills it, why this person, why not that one."""

from scheduler.roster.explain.answers import Answer, Place
from scheduler.roster.explain.explain import explain, explain_open

__all__ = ["Answer", "Place", "explain", "explain_open"]
