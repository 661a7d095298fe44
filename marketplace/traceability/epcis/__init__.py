"""Lots and their events as EPCIS 2.0 documents, out and in."""
