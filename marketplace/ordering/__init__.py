"""Ordering: carts, stock, checkout and orders."""
