"""Merging: two rows of the register that are one producer become one, with all that hangs on them."""
