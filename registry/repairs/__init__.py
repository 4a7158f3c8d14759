"""What happens to a week (absences, heat, closures), the repaired drafts of its board, and its stand-bys."""
