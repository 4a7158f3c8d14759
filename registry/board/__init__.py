"""The board (排班台): the one working copy of a week that coordinators change by hand, between drafts and versions."""
