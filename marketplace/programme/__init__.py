"""Plans of provinces: their targets, the facts that these need, and what the register says of both."""
