"""Enrolment: rounds, applications, the draw, waitlists, offers and places."""
