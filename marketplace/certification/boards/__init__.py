"""Boards: what the register of a province or commune has, today, over the years, and beside others."""
