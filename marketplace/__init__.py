"""Phiên chợ OCOP: the public catalogue and marketplace of certified OCOP products."""
