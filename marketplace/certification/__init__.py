"""Certification: regulations, decisions, certificates, and the stars that follow from them."""
