"""Lapsing: the office's renewal radar, and its reminders to producers."""
