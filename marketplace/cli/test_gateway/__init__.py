"""A card gateway for trying things out: it speaks Stripe's language, and no money moves.

It serves `make run TEST_GATEWAY=1` and the tests, which run the real client against it: Checkout
Sessions, payment intents, refunds, disputes, idempotency keys, a hosted page, signed notices, and
faults on demand. It answers on loopback alone.
"""
