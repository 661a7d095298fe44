"""What happened to lots: a chain of events that only grows."""
