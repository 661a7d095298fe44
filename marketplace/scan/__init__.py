"""The door for people with a pack in their hands."""
