"""What stands on packs: Digital Links, tokens, serial codes."""
