"""Places: provinces and communes of today, the former units they came from, and their outlines."""
