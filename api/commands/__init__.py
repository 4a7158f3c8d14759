"""The commands, one module a group. Each does its imports itself, so that a quick command starts quickly."""
