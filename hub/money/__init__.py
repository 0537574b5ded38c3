"""Money from abroad: whose it is, for which trades, and what the bank says of it."""
