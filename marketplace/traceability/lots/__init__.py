"""Lots: what was made when, out of what, and which papers speak of it."""
