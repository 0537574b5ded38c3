"""Stand-in for the bank and the forex administration: credits, remittance declarations, central parity."""
