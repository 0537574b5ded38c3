"""Stand-in for the bank and the forex administration: credits, receipt declarations, central parity."""
