"""Recalls: stopping trade in public, and starting it again with a reason."""
