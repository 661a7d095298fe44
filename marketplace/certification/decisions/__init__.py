"""Decisions: drafted from a closed session or read off their paper, confirmed by a second officer."""
