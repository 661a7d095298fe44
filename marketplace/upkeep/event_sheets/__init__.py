"""Sheets of past events: what was done to lots, written at a desk, tried, and recorded as a whole."""
