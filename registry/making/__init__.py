"""Making a week in the background: queued from a page, solved by a task, watched, stopped, tried again."""
