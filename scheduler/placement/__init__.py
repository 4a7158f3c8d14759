"""Children to class runs (SCHEDULING.md §3): ranked wishes, priority, and a draw that anyone can recompute."""
