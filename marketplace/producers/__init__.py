"""Producers: the cooperatives, companies and households that hold certificates (chủ thể OCOP)."""
