"""Where material comes from, and the places where it is worked."""
