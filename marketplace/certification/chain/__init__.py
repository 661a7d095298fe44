"""The chain of the public register: every line ever written into it, each with a hash that anyone recomputes."""
