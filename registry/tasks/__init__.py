"""Long work outside the web process: one table of tasks, and leases, so that each is done once whoever dies."""
