"""What codes on packs say, and what is known about the goods behind them."""
