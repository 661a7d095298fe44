"""The catalogue: products, the six groups and 26 sets, variants and prices."""
