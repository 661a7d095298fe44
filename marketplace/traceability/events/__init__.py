"""What happened to lots, from their making on: a chain of events that only grows."""
