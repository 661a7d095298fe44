"""Money: gateways behind one Protocol, payments and refunds, the ledger and payouts."""
