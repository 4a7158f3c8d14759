"""The solvers as the registry sees them: JSON in, JSON out. The only package of this floor that imports `scheduler`."""
