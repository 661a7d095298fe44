"""The chain of the public register: each line written into it, with a hash that anyone recomputes."""
