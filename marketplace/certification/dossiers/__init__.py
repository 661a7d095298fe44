"""Dossiers: a product's way from its producer to an authority, with self-assessment and evidence."""
