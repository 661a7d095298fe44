"""Samples: prices, stock, addresses and codes made up for the demo, the same at every set-up."""
