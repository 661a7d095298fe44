"""Importing registers from files: everything, or nothing and a report that names each doubtful cell."""
