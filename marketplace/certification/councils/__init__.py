"""Councils: members, sessions, blind score sheets, results and minutes."""
