"""Upkeep: what operators do across domains: import, set-up, the demo."""
