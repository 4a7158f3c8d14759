"""Pages by role. Read-only so far: the coordinator's week."""
