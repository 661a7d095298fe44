"""Search: what people type is understood as Vietnamese and answered by one of two engines."""
