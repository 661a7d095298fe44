"""Fictitious catalogues of any size, for load: each name says that it is made up."""
