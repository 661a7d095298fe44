"""Cards by Stripe: hosted Checkout Sessions in whole đồng; nothing outside this package knows of it."""
