"""Decisions of years gone by, brought in from a sheet as drafts that a second officer confirms."""
